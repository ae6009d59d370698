/** Standard output as a view: JSON lines, a live table for a terminal, or plain lines. */
import process from "node:process"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Color from "../terminal/color.ts"
import { wantsColor } from "../terminal/printer.ts"
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
    const paint = wantsColor(process) ? Color.ansi : Color.none
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
