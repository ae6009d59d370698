/** Bodies in which a vendor echoes the token. */

/** Characters that JSON, URLs and Base64 encode in different ways. */
export const awkwardToken = "sk/live+9f8e7d6c5b4a=="

/** Each echo: its kind, for a title, and the body that it makes of a token. */
export const tokenEchoes: ReadonlyArray<readonly [string, (token: string) => string]> = [
  ["plain text", (token) => `no access for ${token}`],
  ["JSON", (token) => JSON.stringify({ error: token, message: token, code: token, details: { [token]: token } })],
  [
    "a list of errors",
    (token) => JSON.stringify({ errors: [{ type: token, message: token, field: token, data: token }] }),
  ],
  ["JSON with escaped slashes", (token) => JSON.stringify({ error: token, message: token }).replaceAll("/", "\\/")],
  ["JSON in escapes", (token) => `{"error":"${escaped(token)}","errors":[{"message":"${escaped(token)}"}]}`],
  ["half of a page", (token) => `<html><body>Authorization: Bearer ${token}</bo`],
]

const escaped = (text: string): string =>
  Array.from(text, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")
