/** Formats numbers, durations and foreign text for people. */
import type { Rows } from "@openretl/core/Run"
import stringWidth from "fast-string-width"

/** `12,480`. `Intl` would take 4 ms to load for it, in each command. */
export const count = (value: number): string => String(value).replace(/\B(?=(?:\d{3})+$)/g, ",")

/** `1 run`, `2 runs` */
export const counted = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? "" : "s"}`

/** `9 s`, `1 m 05 s`, `2 h 03 m` */
export const elapsed = (millis: number): string => {
  const seconds = Math.max(0, Math.round(millis / 1000))
  const twoDigits = (value: number) => String(value).padStart(2, "0")
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${twoDigits(seconds % 60)} s`
  return `${Math.floor(seconds / 3600)} h ${twoDigits(Math.floor((seconds % 3600) / 60))} m`
}

/** `11,988 rows delivered, 12 failed`; empty when the vendor reports no counts. */
export const delivered = ({ succeeded, failed = 0, invalid = 0, unaccounted = 0 }: Rows): string =>
  [
    ...(succeeded === undefined ? [] : [`${counted(succeeded, "row")} delivered`]),
    ...(failed === 0 ? [] : [`${count(failed)} failed`]),
    ...(invalid === 0 ? [] : [`${count(invalid)} invalid`]),
    ...(unaccounted === 0 ? [] : [`${count(unaccounted)} unaccounted for`]),
  ].join(", ")

/** `11,988 + 12 failed`; empty when the vendor reports no counts. */
export const rows = ({ succeeded, failed = 0, invalid = 0, unaccounted = 0 }: Rows): string =>
  [
    ...(succeeded === undefined ? [] : [count(succeeded)]),
    ...(failed === 0 ? [] : [`${count(failed)} failed`]),
    ...(invalid === 0 ? [] : [`${count(invalid)} invalid`]),
    ...(unaccounted === 0 ? [] : [`${count(unaccounted)} unaccounted`]),
  ].join(" + ")

/** Returns a vendor's name as the vendor spells it. */
export const vendorName = (name: string): string =>
  ({
    segment: "Segment",
    rudderstack: "RudderStack",
    zeotap: "Zeotap",
    hightouch: "Hightouch",
    "fivetran-activations": "Fivetran Activations",
    polytomic: "Polytomic",
  })[name] ?? name

/** Returns text as one line that is safe for a terminal: without control and direction characters, cut to `maxLength`. */
export const printable = (text: string, maxLength = 500): string => {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim()
  if (plain.length <= maxLength) return plain
  // A letter outside the basic plane has two units: it stays whole, or goes.
  return `${plain.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, "")}…`
}

/** Returns texts as sentences of one paragraph: one that ends without a mark gets a stop. */
export const sentences = (...texts: ReadonlyArray<string>): string =>
  texts
    .filter((text) => text !== "")
    .map((text) => (/[.!?…]$/.test(text) ? text : `${text}.`))
    .join(" ")

/** Returns how many columns of a terminal a text takes: East Asian letters and emoji take two. */
export const widthOf = (text: string): number => stringWidth(text)

/** Returns the text, cut with `…` where it is wider than `width` columns. */
export const fit = (text: string, width: number): string => {
  if (widthOf(text) <= width) return text
  let cut = ""
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (widthOf(cut + segment) > width - 1) break
    cut += segment
  }
  return `${cut}…`
}

/** Returns the text with blanks up to this many columns. */
export const padEnd = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - widthOf(text)))

/** Returns a log line as text. Long values are cut, but for refs, which commands take; the JSON view prints them in full. */
export const logLine = (level: string, message: string, annotations: Readonly<Record<string, unknown>>): string => {
  const details = Object.entries(annotations).map(([key, value]) => {
    const text = String(value)
    return `${key}=${printable(text, text.startsWith("retl1.") ? 2_000 : 60)}`
  })
  return printable([`${level.toLowerCase()}:`, message, ...details].join(" "), 10_000)
}
