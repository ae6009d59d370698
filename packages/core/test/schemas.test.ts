import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import { TransportError } from "../src/http/TransportError.ts"
import * as Cancellation from "../src/model/Cancel.ts"
import { JournalError } from "../src/model/JournalError.ts"
import { RunRef, SyncRef } from "../src/model/Ref.ts"
import { RetlError } from "../src/model/RetlError.ts"
import { Run } from "../src/model/Run.ts"
import * as Trigger from "../src/model/Trigger.ts"
import { OutcomeRejected, WaitDeadlineExceeded } from "../src/model/Wait.ts"

/** With a payload that survives JSON, as those of vendors do. */
const runs = Arbitrary.map(Arbitrary.schema(Run), (run) => new Run({ ...run, native: { id: "1" } }))
const rejected = Arbitrary.map(runs, (run) => new OutcomeRejected({ run, verdict: "partial" }))
const late = Arbitrary.filter(Arbitrary.schema(WaitDeadlineExceeded), ({ run }) => run === undefined)
const finished = Arbitrary.map(runs, (run) => ({ _tag: "AlreadyFinished", run }) as const)

/** Through JSON and back, whatever the value. */
const survives = <A>(name: string, schema: Schema.Codec<A, unknown>, values: Arbitrary.Arbitrary<A>) =>
  it.effect.prop(`H6: ${name} is decoded from JSON unchanged`, { value: values }, ({ value }) =>
    Effect.gen(function* () {
      const json = Schema.toCodecJson(schema)
      const text = JSON.stringify(yield* Schema.encodeEffect(json)(value))
      const back = yield* Schema.decodeUnknownEffect(json)(JSON.parse(text))
      expect(Schema.is(schema)(back)).toBe(true)
      expect(JSON.stringify(yield* Schema.encodeEffect(json)(back))).toBe(text)
    }),
  )

describe("the schemas", () => {
  survives("a ref of a sync", SyncRef, Arbitrary.schema(SyncRef))
  survives("a ref of a run", RunRef, Arbitrary.schema(RunRef))
  survives("a run", Run, runs)
  survives("an error", RetlError, Arbitrary.schema(RetlError))
  survives("an error of a transport", TransportError, Arbitrary.schema(TransportError))
  survives("an error of a journal", JournalError, Arbitrary.schema(JournalError))
  survives("how a trigger ends", Trigger.Result, Arbitrary.schema(Trigger.Result))
  survives(
    "a trigger that may have started",
    Trigger.TriggerIndeterminate,
    Arbitrary.schema(Trigger.TriggerIndeterminate),
  )
  survives("a deadline that passed", WaitDeadlineExceeded, late)
  survives("an end that is not accepted", OutcomeRejected, rejected)
  survives("how a cancel ends", Cancellation.Result, finished)

  it.effect("H6: a schema's error names what it expected", () =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip(Schema.encodeUnknownEffect(RetlError)({}))
      expect(refused.message).toContain("RetlError")
    }),
  )
})
