/** Removes a token that a vendor echoes, in any form that still reveals it. */
import * as Base64 from "effect/encoding/Base64"

const replacement = "<redacted>"

/**
 * The fewest characters of a token that is cut out of an answer before it is read: an ordinary word, such as the token
 * `sync` of a test, would make the answer unreadable. A vendor's tokens are longer.
 */
const minLength = 16

/** The most characters of a token that a pattern compares; it takes the rest of the word as the rest of the token. */
const maxLength = 64

/** Returns whether the token is so long that a text contains it only as a token. */
export const isUnmistakable = (token: string): boolean => token.length >= minLength

/** Returns a text without the token as it is. Fast, for answers of any length. */
export const withoutToken = (text: string, token: string): string =>
  text.includes(token) ? text.replaceAll(token, replacement) : text

/**
 * Returns a text without the token, in any case and also where each character is escaped, for HTML, URLs or JSON, and
 * where the token is a part of what is in Base64. For the short texts of errors.
 */
export const redact = (text: string, token: string): string => {
  if (token === "") return text
  const head = token.slice(0, maxLength)
  const rest = head === token ? "" : "[^\\s\"'<>]*"
  const forms = [Array.from(head, anyForm).join(""), ...(isUnmistakable(token) ? base64Forms(head) : [])]
  return text.replace(new RegExp(forms.map((form) => form + rest).join("|"), "gi"), replacement)
}

const names: Readonly<Record<string, string>> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" }

/** Returns the pattern of a character as it is, or escaped in one of the usual ways. */
const anyForm = (character: string): string => {
  const code = character.charCodeAt(0)
  const hex = code.toString(16)
  const forms = [escaped(character), `%(?:25){0,3}${hex}`, `&#0{0,6}${code};`, `&#x0{0,6}${hex};`, `\\\\{1,4}u00${hex}`]
  if (names[character] !== undefined) forms.push(`&${names[character]};`)
  if (/\W/.test(character)) forms.push(`\\\\{1,4}${escaped(character)}`)
  return `(?:${forms.join("|")})`
}

const escaped = (text: string): string => text.replace(/[^\w]/g, "\\$&")

/** Returns the patterns of a token within Base64, at each of the three places where it can begin. */
const base64Forms = (token: string): ReadonlyArray<string> =>
  ["", "-", "--"].map((before) => {
    const encoded = Base64.encode(before + token)
    // What stands before and after the token changes the characters at both ends.
    const own = encoded.slice(before.length === 0 ? 0 : before.length + 1).replace(/.?=+$/, "")
    return escaped(own).replace(/\\\+/g, "[+\\-]").replace(/\\\//g, "[/_]")
  })
