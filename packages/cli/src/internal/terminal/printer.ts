/** Where a command prints: lines and tables for people, or one JSON object a line for programs. */
import process from "node:process"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Color from "./color.ts"
import * as Stop from "./stop.ts"

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
  /** The width of the terminal in characters, for lines of prose; 80 where there is none. */
  readonly columns: number
  /** How wide a table may be: nothing is cut for a pipe or a file. */
  readonly tableWidth: number
  readonly paint: Color.Paint
  /** Prints lines for people; nothing for programs. */
  readonly lines: (...lines: ReadonlyArray<string>) => Effect.Effect<void>
  /** Prints one object for programs; nothing for people. */
  readonly object: (event: string, fields: object) => Effect.Effect<void>
  /** Prints the last object of a command that was stopped; nothing for people, and nothing a second time. */
  readonly stopped: (fields?: { readonly resume?: string }) => Effect.Effect<void>
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
  const object = (event: string, fields: object) =>
    json ? write(stdout, [jsonLine({ v: version, event, ...fields })]) : Effect.void
  return {
    json,
    columns: stdout.isTTY === true && stdout.columns ? stdout.columns : 80,
    tableWidth: stdout.isTTY === true ? stdout.columns || 80 : Number.POSITIVE_INFINITY,
    paint: wantsColor(streams) ? Color.ansi : Color.none,
    lines: (...lines) => (json ? Effect.void : write(stdout, lines)),
    object,
    stopped: (fields = {}) =>
      Effect.suspend(() =>
        Stop.markTold() ? object("stopped", { exitCode: Stop.exitCode(), ...fields }) : Effect.void,
      ),
    problems: (...lines) => write(stderr, lines),
  }
}

/** The streams of this process. Tests provide others. */
export const Streams: Context.Reference<Streams> = Context.Reference<Streams>("@openretl/cli/Streams", {
  defaultValue: () => process,
})
