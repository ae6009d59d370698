/** The forms in which a vendor, or something in front of it, may echo a token. */

const hex = (letter: string): string => letter.charCodeAt(0).toString(16).padStart(2, "0")

const each =
  (form: (letter: string, index: number) => string) =>
  (token: string): string =>
    Array.from(token, form).join("")

/** Leaves each third letter as it is, as escaping does that is not thorough. */
const some = (form: (letter: string) => string) => each((letter, index) => (index % 3 === 1 ? letter : form(letter)))

const percent = (letter: string): string => `%${hex(letter)}`

const entities: Readonly<Record<string, string>> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" }

const forUrls = (base64: string): string => base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")

/** Each form: its name, and the echo that it makes of a token. */
export const tokenForms: Readonly<Record<string, (token: string) => string>> = {
  "as it is": (token) => token,
  "in upper case": (token) => token.toUpperCase(),
  "in lower case": (token) => token.toLowerCase(),
  "with spaces for plus signs": (token) => token.replaceAll("+", " "),
  "as a URL has it": (token) => encodeURIComponent(token),
  "as a URL has it, in lower case": (token) => encodeURIComponent(token).toLowerCase(),
  "as a URL has it, twice": (token) => encodeURIComponent(encodeURIComponent(token)),
  "in percent escapes": each(percent),
  "in percent escapes in upper case": each((letter) => percent(letter).toUpperCase()),
  "in some percent escapes": some(percent),
  "as HTML has it": each((letter) => (entities[letter] === undefined ? letter : `&${entities[letter]};`)),
  "as HTML has it, twice": each((letter) => (entities[letter] === undefined ? letter : `&amp;${entities[letter]};`)),
  "in decimal entities": each((letter) => `&#${letter.charCodeAt(0)};`),
  "in hexadecimal entities": each((letter) => `&#x${hex(letter)};`),
  "in long hexadecimal entities": some((letter) => `&#X00${hex(letter).toUpperCase()};`),
  "as JSON has it": (token) => JSON.stringify(token).slice(1, -1),
  "as JSON has it, twice": (token) => JSON.stringify(JSON.stringify(token)).slice(3, -3),
  "as JSON has it, with escaped slashes": (token) => JSON.stringify(token).slice(1, -1).replaceAll("/", "\\/"),
  "in escapes of JSON": each((letter) => `\\u00${hex(letter)}`),
  "in some escapes of JSON": some((letter) => `\\u00${hex(letter).toUpperCase()}`),
  "in hexadecimal": each(hex),
  "in Base64": btoa,
  "in Base64 for URLs": (token) => forUrls(btoa(token)),
  "in Base64 as a header": (token) => btoa(`Bearer ${token}`),
  "in Base64 after a user": (token) => btoa(`user:${token}`),
  "in Base64 after another user": (token) => btoa(`user1:${token}`),
  "in Base64 before an empty password": (token) => btoa(`${token}:`),
  "in Base64 for URLs, in a text": (token) => forUrls(btoa(`in ${token}, as sent`)),
  "in Base64 in upper case": (token) => btoa(token).toUpperCase(),
  "in Base64 as a URL has it": (token) => encodeURIComponent(btoa(token)),
}
