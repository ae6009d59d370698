/**
 * How errors and runs show themselves: the same in every way of printing. A program that logs an error with anything at all
 * shows what failed, its code, what to do about it, and which sync or run it is about; and nothing that may hold a row.
 */
import type { Evidence } from "./Evidence.ts"

/** What names a sync. */
interface NamedSync {
  readonly ids: Readonly<Record<string, string>>
}

/** What names a run. */
interface NamedRun {
  readonly run: string
  readonly sync: NamedSync
}

/** What an error has for its prints. */
export interface Shown {
  readonly name: string
  /** What failed and why, in one line. */
  readonly summary: string
  readonly code: string
  readonly guidance: string
  /** The refs that the error is about, as text, by what they are. */
  readonly refs: Readonly<Record<string, string | undefined>>
  /** What else JSON shows. */
  readonly details?: Readonly<Record<string, unknown>>
  /** The line of the caller, where the call was not an effect, as in `at handler (/app/server.ts:12:20)`. */
  readonly at?: string
}

/** The member that `console` of Node, Bun and Deno calls. */
export const inspect: unique symbol = Symbol.for("nodejs.util.inspect.custom") as typeof inspect

const lineOf = ([name, ref]: readonly [string, string | undefined]): ReadonlyArray<string> =>
  ref === undefined ? [] : [`${name}: ${ref}`]

/** The message of an error: a line for what failed, one for its code and what to do, and one for each ref. */
export const message = ({ summary, code, guidance, refs }: Shown): string =>
  [summary, `${code}: ${guidance}`, ...Object.entries(refs).flatMap(lineOf)].join("\n  ")

/** The text of an error for people: its name and its message. It leaves out the stack, which is the runtime's. */
export const text = (shown: Shown): string =>
  `${shown.name}: ${message(shown)}${shown.at === undefined ? "" : `\n    ${shown.at}`}`

/** The JSON of an error for logs. `Schema.encodeEffect` returns the one that can be decoded. */
export const json = ({ name, summary, code, guidance, refs, details }: Shown): Readonly<Record<string, unknown>> => ({
  name,
  code,
  message: summary,
  guidance,
  ...refs,
  ...details,
})

/** Names a sync by its ids, as in `connection 2C8V`. */
export const syncText = ({ ids }: NamedSync): string =>
  Object.entries(ids)
    .map(([name, id]) => `${name} ${id}`)
    .join(", ")

/** Names what an error is about: nothing, a sync, or a run of it. */
export const aboutText = (sync: NamedSync | undefined, run: NamedRun | undefined): string => {
  if (run !== undefined) return ` of run ${run.run} of ${syncText(run.sync)}`
  return sync === undefined ? "" : ` of ${syncText(sync)}`
}

/** An address, its `@` also as URLs, HTML and JSON escape it. It begins where a word does: no text is read twice. */
const address =
  /(?<![^\s@"'<>()[\]{},;:=])[^\s@"'<>()[\]{},;:=]+(?:@|%(?:25)*40|&#(?:64|x40);|\\u0040)[^\s@"'<>()[\]{},;:=]+/gi

/** Nine digits and more, also in groups, as in a telephone number; not a date and a time. */
const longNumber = /(?<![\w-])\+?\(?(?!\d{4}-\d\d-\d\d)\d(?:[ ()-]{0,2}\d){8,}|\d{9,}/g

/** A text of the vendor as prints show it: without addresses and long numbers, which it may echo from a row. */
export const masked = (text: string): string => text.replace(address, "[address]").replace(longNumber, "[number]")

/** A vendor's word for a status as prints and log lines show it. A text that does not look like a word may hold a row. */
export const word = (text: string): string => (/^[\p{L}\p{N}_ -]{1,40}$/u.test(text) ? text : "(not a word)")

/** Where an object keeps the values of its hidden fields. No runtime prints such a property by itself. */
const hidden: unique symbol = Symbol("hidden")

interface Hiding {
  readonly [hidden]?: Readonly<Record<string, unknown>>
}

const getters = new Map<string, (this: Hiding) => unknown>()

/** Returns the getter of all fields of a name. With one for each object, engines would give each object a layout of its own. */
const getterOf = (name: string) => {
  const getter = getters.get(name) ?? getterOfField(name)
  getters.set(name, getter)
  return getter
}

const getterOfField = (name: string) =>
  function (this: Hiding): unknown {
    return this[hidden]?.[name]
  }

/**
 * Keeps fields of an object out of what a runtime prints by itself, as of an error that nothing catches: it shows a getter
 * and not its value. Code that reads, spreads or encodes the object has them as before.
 */
export const hide = (object: object, ...names: ReadonlyArray<string>): void => {
  const values: Record<string, unknown> = {}
  for (const name of names) {
    const value: unknown = Reflect.get(object, name)
    if (value === undefined) continue
    values[name] = value
    Object.defineProperty(object, name, { get: getterOf(name) })
  }
  // Proxies of frameworks wrap each value, which they may do only where the property can be configured.
  Object.defineProperty(object, hidden, { value: values, configurable: true })
}

/** A copy of an error's evidence that prints its text masked, whatever prints it, and has all of it for who asks. */
export const evidenceOf = ({ evidence: said }: { readonly evidence: Evidence }): Evidence => {
  const evidence = said.code === undefined ? said : { ...said, code: masked(said.code) }
  if (evidence.text === undefined) return evidence
  const shown = () => ({ ...evidence, text: masked(String(evidence.text)) })
  const copy = Object.defineProperties({ ...evidence }, { toJSON: { value: shown }, [inspect]: { value: shown } })
  hide(copy, "text")
  return copy
}
