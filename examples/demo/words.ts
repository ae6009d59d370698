/** How things are said to a person: numbers, times, and text that comes from elsewhere. */
import type { Rows } from "@openretl/core/Run"

const number = new Intl.NumberFormat("en-US")

/** `12,480` */
export const count = (value: number): string => number.format(value)

/** `1 run`, `2 runs` */
export const counted = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? "" : "s"}`

/** `9 s`, `1 m 05 s`, `2 h 03 m` */
export const elapsed = (millis: number): string => {
  const seconds = Math.max(0, Math.round(millis / 1000))
  const two = (value: number) => String(value).padStart(2, "0")
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} m`
}

/** `11,988 rows delivered, 12 failed`; nothing where the vendor tells nothing. */
export const delivered = ({ succeeded, failed = 0, unaccounted = 0 }: Rows): string =>
  [
    ...(succeeded === undefined ? [] : [`${counted(succeeded, "row")} delivered`]),
    ...(failed === 0 ? [] : [`${count(failed)} failed`]),
    ...(unaccounted === 0 ? [] : [`${count(unaccounted)} unaccounted for`]),
  ].join(", ")

/** The same, short: `11,988 + 12 failed`. */
export const rows = ({ succeeded, failed = 0, unaccounted = 0 }: Rows): string =>
  [
    ...(succeeded === undefined ? [] : [count(succeeded)]),
    ...(failed === 0 ? [] : [`${count(failed)} failed`]),
    ...(unaccounted === 0 ? [] : [`${count(unaccounted)} unaccounted`]),
  ].join(" + ")

/** The vendors' own spelling. */
export const vendor = (name: string): string =>
  ({ segment: "Segment", rudderstack: "RudderStack", zeotap: "Zeotap" })[name] ?? name

/** Text from elsewhere, safe for a terminal: one line, nothing that moves the cursor or turns the direction, bounded. */
export const printable = (text: string, most = 500): string => {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim()
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain
}

/** Cut to a width, with a sign that it was. */
export const fit = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`

/** A line of the log. Long values, a whole intent among them, are left to the store and to the JSON lines. */
export const logged = (level: string, message: string, annotations: Readonly<Record<string, unknown>>): string => {
  const details = Object.entries(annotations).map(([key, value]) => `${key}=${printable(String(value), 60)}`)
  return printable([`${level.toLowerCase()}:`, message, ...details].join(" "))
}
