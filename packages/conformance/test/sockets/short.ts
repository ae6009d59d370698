/** What of the laws and the attacks runs over sockets in the short form: that which a transport could break. */
import { isLong } from "../../../../scripts/forms.ts"

const inShort: ReadonlyArray<RegExp> = [
  /^contact: each operation that runs syncs/,
  // Lost answers, redirects, pages of gateways, deadlines.
  /^a run whose answer is lost \((?:the connection breaks|no answer at all|a redirect|a gateway's page with 403|a 200 whose body is too large|the request times out, .*)\)/,
  /^a create whose answer is lost \((?:the connection breaks|the request times out before the change)\)/,
  /^a cancel whose answer is lost \(the vendor cancels and never answers\)/,
  /^a wait survives (?:a broken connection)$/,
  /^a request that provably never left/,
  /^a 307 (?:to (?:list|start|cancel) )?is an answer|^a 307 to (?:list|start|cancel) /,
  // Bodies.
  /^a body that is too large/,
  /^a token that the vendor echoes in headers/,
  // Interrupts and closing.
  /^interrupting a wait stops its requests/,
  /^a workspace that closes during a trigger/,
  /^closing a workspace ends its own calls/,
]

/** Whether a law or an attack runs in this form. */
export const isChosen = ({ title }: { readonly title: string }): boolean =>
  isLong || inShort.some((pattern) => pattern.test(title))

/** What of these a further transport of the kind of another one shows. */
const ofAlike: ReadonlyArray<RegExp> = [
  /^contact: each operation that runs syncs/,
  /^a run whose answer is lost \((?:the connection breaks|no answer at all)\)/,
  /^a run whose answer is lost \(the request times out, /,
  /^a request that provably never left/,
  /^a 307 (?:to start|is an answer)/,
  /^a body that is too large/,
  /^interrupting a wait stops its requests/,
]

/** Whether a law or an attack runs in this form over a transport that works as another one does. */
export const isChosenOfAlike = ({ title }: { readonly title: string }): boolean =>
  isLong || ofAlike.some((pattern) => pattern.test(title))
