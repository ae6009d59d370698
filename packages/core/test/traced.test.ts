import { describe, expect, it } from "@effect/vitest"
import { Context, Effect, Tracer } from "effect"
import { Runs } from "../src/Runs.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { within, workspace } from "./support/testbed.ts"

describe("the span of a read", () => {
  it.effect("is there where the program has a tracer, around what the read does", () =>
    Effect.gen(function* () {
      const names: Array<string> = []
      const tracer = Tracer.make({
        span: (options) => {
          names.push(options.name)
          return new Tracer.NativeSpan(options)
        },
      })
      const fake = FakeDriver.make()
      const { services } = yield* workspace(fake)
      const runs = Context.get(services, Runs)
      const { run } = yield* within("5 minutes", runs.run(FakeDriver.sync(), { whenRunning: "fail" }))
      const read = Effect.andThen(runs.get(run.ref), runs.check(run.ref))
      yield* within("1 minute", read)
      expect(names).toEqual([])
      yield* within("1 minute", Effect.withTracer(read, tracer))
      expect(names).toEqual(["Runs.get", "Runs.check", "openretl.poll"])
    }),
  )
})
