/** What a program logs, for tests. */
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"

/** One line of a log. */
export interface Line {
  readonly level: string
  readonly message: unknown
  readonly annotations: Readonly<Record<string, unknown>>
}

/** Runs a program. Returns what it returns, and the lines that it has logged by then. */
export const logged = <A, E, R>(program: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const lines: Array<Line> = []
    const logger = Logger.make((options) => void lines.push(Logger.formatStructured.log(options)))
    return Effect.map(Effect.provide(program, Logger.layer([logger])), (value) => ({ value, lines }))
  })
