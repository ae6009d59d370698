/**
 * Cuts a token out of what is shown, in every form in which a vendor may echo it. What is read is never cut: the answers,
 * and the text on which a classification decides.
 *
 * A text is searched as it is, and with its escapes decoded, those of URLs, of HTML and of JSON, each alone and one after
 * the other. So it does not matter which characters are escaped. The time is in proportion to the text.
 */
import * as Base64 from "effect/encoding/Base64"
import type { Evidence } from "../model/Evidence.ts"
import * as Json from "../model/Json.ts"
import * as Reason from "../model/Reason.ts"
import { masked } from "../model/shown.ts"
import * as Wire from "./Wire.ts"

/** Returns a text without the tokens. With `minLength`, shorter tokens stay. */
export type Redact = (text: string, minLength?: number) => string

/**
 * The fewest characters of a token that is cut out of data, such as a payload: there, a shorter one is a word, such as the
 * token `sync` of a test. A vendor's tokens are longer.
 */
export const ofData = 16

/** The fewest characters of a token that is cut wherever it stands. A shorter one is cut where it stands alone. */
const anywhere = 4

/** What stands where a secret was cut out. */
export const replacement = "<redacted>"

/** How many times the escapes of a text are decoded, and the most characters of such a text. */
const maxDepth = 3
const maxDecoded = 65_536

/** The escapes of URLs, of HTML, and the two kinds of JSON. */
const escapes: ReadonlyArray<RegExp> = [
  /%(?<hex>[\da-f]{2})/gi,
  /&#x0*(?<hex>[\da-f]{2});|&#0*(?<code>\d{2,3});|&(?<name>amp|lt|gt|quot|apos);/gi,
  /\\(?:u00|x)(?<hex>[\da-f]{2})/gi,
  /\\(?<literal>[^\w\s])/g,
]

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }

/** A text, the places of its characters in the text that is shown, and where that ends. */
interface Level {
  readonly text: string
  readonly placeOf: (index: number) => number
}

/** Returns a text with its escapes of one kind decoded, once. */
const decoded = ({ text, placeOf }: Level, pattern: RegExp): Level => {
  const places: Array<number> = []
  let plain = ""
  let end = 0
  const copy = (to: number) => {
    plain += text.slice(end, to)
    for (; end < to; end++) places.push(placeOf(end))
  }
  for (const { 0: whole, index, groups } of text.matchAll(pattern)) {
    const { hex, code, name, literal } = groups ?? {}
    copy(index)
    places.push(placeOf(index))
    plain +=
      literal ?? named[String(name).toLowerCase()] ?? String.fromCharCode(Number(hex === undefined ? code : `0x${hex}`))
    end += whole.length
  }
  copy(text.length)
  places.push(placeOf(end))
  return { text: plain, placeOf: (index) => places[index] ?? 0 }
}

/** Returns a text as it is, and with its escapes decoded, kind after kind in every order, up to three times. */
const levelsOf = (text: string): ReadonlyArray<Level> => {
  const levels: Array<Level> = []
  const add = (level: Level, depth: number): void => {
    if (levels.some((other) => other.text === level.text)) return
    levels.push(level)
    if (depth === maxDepth || text.length > maxDecoded || !/[%&\\]/.test(level.text)) return
    for (const pattern of escapes) add(decoded(level, pattern), depth + 1)
  }
  add({ text, placeOf: (index) => index }, 0)
  return levels
}

/** Returns a text in one case, with one of the characters that URLs and Base64 write in different ways. */
const folded = (text: string): string => text.toLowerCase().replace(/[-+]/g, " ").replaceAll("_", "/")

const patternOf = (text: string): RegExp =>
  new RegExp(
    text.replace(/[-+ ]|[_/]|\W/g, (letter) =>
      /[-+ ]/.test(letter) ? "[-+ ]" : /[_/]/.test(letter) ? "[_/]" : `\\${letter}`,
    ),
    "gi",
  )

/** A form of a token, folded, and the beginning of it that is enough. */
interface Form {
  readonly text: string
  readonly headLength: number
  readonly head: RegExp
  readonly isAnywhere: boolean
  readonly isBase64: boolean
}

const hexOf = (token: string): string => Array.from(token, (letter) => letter.charCodeAt(0).toString(16)).join("")

/** Returns a token within Base64, at each of the three places where it can begin, without the characters that differ. */
const inBase64 = (token: string): ReadonlyArray<string> =>
  ["", "-", "--"].map((before) =>
    Base64.encode(before + token)
      .slice(before.length + 1)
      .replace(/.?=+$/, ""),
  )

const formsOf = (token: string): ReadonlyArray<Form> => {
  const isAnywhere = token.length >= anywhere
  const form = (isBase64: boolean) => (text: string) => {
    // Vendors and adapters shorten texts: half of a token is enough.
    const half = Math.min(16, Math.max(anywhere, Math.ceil(text.length / 2)))
    const headLength = isAnywhere ? half : text.length
    return { text: folded(text), headLength, head: patternOf(text.slice(0, headLength)), isAnywhere, isBase64 }
  }
  const encoded = isAnywhere
    ? [hexOf(token), ...inBase64(token)]
    : [token, `Bearer ${token}`, `${token}:`, `:${token}`].map((text) => Base64.encode(text).replace(/=+$/, ""))
  // Decoding decodes what the token itself has. A path of fields has dots between its parts.
  const path = token
    .split(/[.[\]]+/)
    .filter((part) => part !== "")
    .join(".")
  const plain = new Set([...levelsOf(token).map(({ text }) => text), ...(path === "" ? [] : [path])])
  return [...Array.from(plain, form(false)), ...encoded.map(form(true))]
}

const isWord = (letter = ""): boolean => /\w/.test(letter)

type Range = readonly [start: number, end: number]

/** Adds what a form covers in a text. */
const addRanges = (ranges: Array<Range>, { text, placeOf }: Level, form: Form): void => {
  const { head, headLength, isAnywhere, isBase64 } = form
  for (let match = head.exec(text); match !== null; match = head.exec(text)) {
    let start = match.index
    const found = folded(text.slice(start, start + form.text.length))
    let length = headLength
    while (length < form.text.length && found[length] === form.text[length]) length++
    let end = start + length
    // A part of a token may overlap with the whole of it.
    head.lastIndex = length === form.text.length ? end : start + 1
    if (isBase64) {
      while (isAnywhere && /[\w+/-]/.test(text[start - 1] ?? "")) start--
      while ((isAnywhere ? /[\w+/=-]/ : /=/).test(text[end] ?? "")) end++
      head.lastIndex = end
    }
    if (isAnywhere || !(isWord(text[start - 1]) || isWord(text[end]))) ranges.push([placeOf(start), placeOf(end)])
  }
}

/** Returns a text without these ranges, which may overlap. */
const without = (text: string, ranges: ReadonlyArray<Range>): string => {
  const cut = new Uint8Array(text.length)
  for (const range of ranges) cut.fill(1, ...range)
  const shown = (isCut: number, at: number) => (isCut === 0 ? text[at] : cut[at - 1] === 1 ? "" : replacement)
  return Array.from(cut, shown).join("")
}

/** How many tokens are cut out: an answer may be about one that was refused before. */
const maxTokens = 4

/** Returns the function that cuts tokens out of texts, and the one that adds a token to them. */
export const make = (): { readonly redact: Redact; readonly add: (token: string) => void } => {
  let tokens: ReadonlyArray<{ readonly token: string; readonly forms: ReadonlyArray<Form> }> = []
  return {
    add: (token) => {
      const others = tokens.filter((other) => other.token !== token)
      tokens = [{ token, forms: formsOf(token) }, ...others].slice(0, maxTokens)
    },
    redact: (text, minLength = 1) => {
      const ranges: Array<Range> = []
      for (const level of levelsOf(text)) {
        for (const { token, forms } of tokens) {
          if (token.length >= minLength) for (const form of forms) addRanges(ranges, level, form)
        }
      }
      return ranges.length === 0 ? text : without(text, ranges)
    },
  }
}

/** Returns the texts and names of data that may have a part of a token, each on a line of its own. */
const textsOf = (data: unknown): string => {
  let texts = ""
  const add = (text: string) => {
    if (text.length >= anywhere) texts += `${text}\n`
  }
  const visit = (part: unknown): void => {
    if (typeof part === "string") add(part)
    else if (Array.isArray(part)) part.forEach(visit)
    else if (Json.isPlain(part)) {
      for (const name in part) {
        add(name)
        visit(part[name])
      }
    }
  }
  visit(data)
  return texts
}

/** Returns data without the tokens in its texts and names. */
export const inside = <A>(value: A, redact: Redact): A => {
  const clean = (part: unknown): unknown => {
    if (typeof part === "string") return redact(part, ofData)
    if (Array.isArray(part)) return part.map(clean)
    if (!Json.isPlain(part)) return part
    return Object.fromEntries(Object.entries(part).map(([name, field]) => [redact(name, ofData), clean(field)]))
  }
  // One look at all texts of a short value is cheaper than one at each. No form of a token has a line break.
  const isFree = (): boolean => {
    const text = textsOf(value)
    return text.length <= maxDecoded && redact(text, ofData) === text
  }
  try {
    return isFree() ? value : (clean(value) as A)
  } catch {
    // It has a cycle, or is nested too deep: nothing prints it.
    return value
  }
}

/** The most characters of a text from which an error's part is made. */
const maxShown = 10_000

/** The most issues that an error has. */
const maxIssues = 20

const part = (redact: Redact, text: string, length: number): string => Wire.cut(redact(text.slice(0, maxShown)), length)

/** Returns evidence without the token, and short. */
export const evidence = (redact: Redact, { requestId, code, text, ...others }: Evidence): Evidence => ({
  ...others,
  ...(requestId !== undefined && { requestId: part(redact, requestId, 100) }),
  ...(code !== undefined && { code: part(redact, code, 100) }),
  ...(text !== undefined && { text: part(redact, text, 500) }),
})

/** Returns a reason without the token. It has at most 20 issues, whose short paths and messages are without a row's values. */
export const reason = (redact: Redact, given: Reason.Reason): Reason.Reason => {
  if (given._tag === "Network") return new Reason.Network({ ...given, code: part(redact, given.code, 100) })
  if (given._tag !== "InvalidRequest" && given._tag !== "UnexpectedResponse") return given
  const issues = given.issues.slice(0, maxIssues).map(({ path, message }) => ({
    path: pathOf(redact, path),
    message: masked(part(redact, message, 500)),
  }))
  return given._tag === "InvalidRequest"
    ? new Reason.InvalidRequest({ issues })
    : new Reason.UnexpectedResponse({ issues })
}

/** A path may have been split out of a text, and a token with it. */
const pathOf = (redact: Redact, path: ReadonlyArray<string>): ReadonlyArray<string> => {
  const whole = path.join(".").slice(0, maxShown)
  const shown = redact(whole)
  return (shown === whole ? path : [shown]).slice(0, 10).map((name) => masked(Wire.cut(name, 100)))
}
