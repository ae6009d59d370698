/** Standard output as a view: JSON lines, a live table for a terminal, or plain lines. */
import { Effect, Logger, References } from "effect"
import * as Color from "./color.ts"
import * as Json from "./json.ts"
import * as Live from "./live.ts"
import * as Plain from "./plain.ts"
import type { View } from "./view.ts"

/** Returns the view for standard output: JSON lines if `json`, else a live table on a terminal, else plain lines. */
export const make = (json: boolean): Effect.Effect<View> =>
  Effect.clockWith((clock) => {
    const { stdout, env } = process
    const write = (text: string) => stdout.write(text)
    if (json) return Effect.succeed(Json.make(write))
    if (!stdout.isTTY || env["TERM"] === "dumb") return Effect.succeed(Plain.make(write))
    const paint = (env["NO_COLOR"] ?? "") === "" ? Color.ansi : Color.none
    const live = Live.make(
      {
        get columns() {
          return stdout.columns
        },
        get rows() {
          return stdout.rows
        },
        write,
      },
      paint,
      () => clock.currentTimeMillisUnsafe(),
    )
    // Show the cursor again, however the process ends.
    process.once("exit", live.restore)
    return Effect.succeed(live)
  })

/** Sends the log to the view, since nothing else may write to standard output. */
export const logger = (view: View) =>
  Logger.layer([
    Logger.make<unknown, void>(({ message, logLevel, fiber }) => {
      const parts = (Array.isArray(message) ? message : [message]).map((part) => String(part))
      view.log({
        level: logLevel,
        message: parts.join(" "),
        annotations: fiber.getRef(References.CurrentLogAnnotations),
      })
    }),
  ])

/** Calls `closed` when the reader of standard output closes it. */
export const onClosed = (closed: () => void): void => {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error
    closed()
  })
}
