/** Runs as JSON text. The text of a run that changes no more is kept: lists repeat the same old runs over and over. */
import * as Json from "@openretl/core/driver/Json"
import type { Run } from "./Run.ts"
import { countsSettleAt } from "./RunState.ts"

/**
 * Returns the run as JSON text, from `toBody` or from an earlier call. `switches` is what else the body depends on: after
 * a change of switches it is another object, and the text is made anew.
 */
export const cachedRunText = (run: Run, asOf: number, switches: object, toBody: () => unknown): string => {
  if (run.finalText?.switches === switches && asOf >= run.finalText.since) return run.finalText.text
  const text = Json.stringify(toBody()) ?? ""
  const since = countsSettleAt(run)
  if (asOf >= since) run.finalText = { switches, since, text }
  return text
}
