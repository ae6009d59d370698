/** What went over the wire, as a person reads it. */
import { bodyText, isWrite, type SentRequest } from "./wire.ts"

const maxLength = 240

const cut = (text: string): string => (text.length > maxLength ? `${text.slice(0, maxLength)}...` : text)

/** Returns a request and its answer in one line. A header is not shown: one has the token. */
export const describe = ({ request, answer }: SentRequest): string => {
  const { pathname, search } = new URL(request.url)
  const sent = `${request.method} ${pathname}${search}${request.body === undefined ? "" : ` ${cut(request.body)}`}`
  if (answer === undefined) return `${sent} -> no answer`
  const body = bodyText(answer)
  return `${sent} -> ${answer.status} ${body === "" ? "without a body" : cut(body.replaceAll(/\s+/g, " "))}`
}

/** Returns the last write and the last request, with their answers. */
export const relevant = (sent: ReadonlyArray<SentRequest>): ReadonlyArray<string> => {
  const entries = [sent.findLast(({ request }) => isWrite(request)), sent.at(-1)]
  return [...new Set(entries)].flatMap((entry) => (entry === undefined ? [] : [describe(entry)]))
}

/** Returns the last requests with their answers, one per line. */
export const last = (sent: ReadonlyArray<SentRequest>, count: number): ReadonlyArray<string> =>
  sent.slice(-count).map(describe)
