import * as Ref from "@openretl/core/Ref"
import { Run } from "@openretl/core/Run"
import { Runs } from "@openretl/core/Runs"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const RunText = Schema.fromJsonString(Run)

/** A run as one line of JSON, and back. */
export const write = Schema.encodeEffect(RunText)
export const read = Schema.decodeUnknownEffect(RunText)

/** A ref is stored as its text, `String(run.ref)`. This is another process, tomorrow. */
export const goOn = Effect.fn("goOn")(function* (text: string) {
  const ref = yield* Ref.parseRun(text)
  const { wait } = yield* Runs
  return yield* wait(ref)
})
