/** Colors for a terminal. `NO_COLOR` switches them off (https://no-color.org). */

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const
export type Tone = keyof typeof codes | "plain"

/** Returns the text in a tone. */
export type Paint = (tone: Tone, text: string) => string

/** Leaves the text as it is. */
export const none: Paint = (_, text) => text

/** Wraps the text in ANSI escape codes. */
export const ansi: Paint = (tone, text) =>
  tone === "plain" || text === "" ? text : `\x1b[${codes[tone]}m${text}\x1b[0m`

/** Returns the tone of a state or a verdict. */
export const toneOf = (state: string): Tone => tones[state] ?? "plain"

const tones: Readonly<Record<string, Tone>> = {
  waiting: "dim",
  triggering: "dim",
  "looking up": "dim",
  triggered: "cyan",
  resumed: "cyan",
  queued: "cyan",
  running: "cyan",
  cancelling: "cyan",
  complete: "green",
  tolerated: "green",
  empty: "green",
  skipped: "dim",
  partial: "yellow",
  unverified: "yellow",
  cancelled: "yellow",
  indeterminate: "yellow",
  unfinished: "yellow",
  failed: "red",
  refused: "red",
  "not started": "red",
}
