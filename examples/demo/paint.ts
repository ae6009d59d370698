/** Color, where the terminal shows it and nobody has asked for none (https://no-color.org). */

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const
export type Tone = keyof typeof codes | "plain"

export type Paint = (tone: Tone, text: string) => string

export const none: Paint = (_, text) => text

export const ansi: Paint = (tone, text) =>
  tone === "plain" || text === "" ? text : `\x1b[${codes[tone]}m${text}\x1b[0m`

/** The tone of a state or a verdict. */
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
