/** Log lines go to standard error: the level is the program's. */

import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import { logLine } from "./format.ts"
import type { Printer } from "./printer.ts"

/** Returns the least level of the lines that are shown: what goes well is what the commands print. */
export const levelOf = (env: Readonly<Record<string, string | undefined>>): "All" | "Warn" =>
  /^(?:0|false)?$/.test(env["OPENRETL_LOG"] ?? "") ? "Warn" : "All"

/** Returns the logger of commands that have no view of their own. */
export const logger = (printer: Printer) =>
  Logger.make<unknown, void>(({ message, logLevel, fiber }) => {
    const parts = (Array.isArray(message) ? message : [message]).map(String)
    Effect.runSync(printer.problems(logLine(logLevel, parts.join(" "), fiber.getRef(References.CurrentLogAnnotations))))
  })
