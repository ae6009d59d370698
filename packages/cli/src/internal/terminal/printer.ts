/** Where a command prints: lines and tables for people, or one JSON object a line for programs. */
import process from "node:process"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Color from "./color.ts"

/** The version of the JSON lines. It grows with every change that a program could notice, besides new fields. */
export const version = 1

/** Returns a value as JSON in one line, without characters that end a line for some readers, or that a terminal obeys. */
export const jsonLine = (value: object): string =>
  JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""),
  )

/** What a command prints with. */
export interface Printer {
  /** Whether programs read the output. */
  readonly json: boolean
  /** The width of the terminal in characters; 80 where there is none. */
  readonly columns: number
  readonly paint: Color.Paint
  /** Prints lines for people; nothing for programs. */
  readonly lines: (...lines: ReadonlyArray<string>) => Effect.Effect<void>
  /** Prints one object for programs; nothing for people. */
  readonly object: (event: string, fields: object) => Effect.Effect<void>
  /** Prints lines to standard error, for people and for programs. */
  readonly problems: (...lines: ReadonlyArray<string>) => Effect.Effect<void>
}

/** The parts of a process that a printer uses. */
export interface Streams {
  readonly stdout: { readonly isTTY?: boolean; readonly columns?: number; readonly write: (text: string) => unknown }
  readonly stderr: { readonly write: (text: string) => unknown }
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Returns whether an environment and a stream want colors: https://no-color.org, and `FORCE_COLOR`. */
export const wantsColor = ({ stdout, env }: Pick<Streams, "stdout" | "env">): boolean => {
  if ((env["NO_COLOR"] ?? "") !== "") return false
  if ((env["FORCE_COLOR"] ?? "0") !== "0") return true
  return stdout.isTTY === true && env["TERM"] !== "dumb"
}

/** Creates a printer. */
export const make = (streams: Streams, json: boolean): Printer => {
  const { stdout, stderr } = streams
  const write = (stream: Streams["stderr"], lines: ReadonlyArray<string>) =>
    Effect.sync(() => {
      if (lines.length > 0) stream.write(lines.map((line) => `${line.trimEnd()}\n`).join(""))
    })
  return {
    json,
    columns: stdout.isTTY === true && stdout.columns ? stdout.columns : 80,
    paint: wantsColor(streams) ? Color.ansi : Color.none,
    lines: (...lines) => (json ? Effect.void : write(stdout, lines)),
    object: (event, fields) => (json ? write(stdout, [jsonLine({ v: version, event, ...fields })]) : Effect.void),
    problems: (...lines) => write(stderr, lines),
  }
}

/** The streams of this process. Tests provide others. */
export const Streams: Context.Reference<Streams> = Context.Reference<Streams>("@openretl/cli/Streams", {
  defaultValue: () => process,
})
