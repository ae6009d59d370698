import * as Fleet from "@openretl/core/Fleet"
import * as FakeRuns from "@openretl/emulator/FakeRuns"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"

const jobs = ["orders", "leads", "profiles", "tickets", "accounts"].map((name) => ({
  name,
  sync: `retl1.sync.rudderstack.crm.connection.${name}`,
}))

/** A night on which four of five jobs go wrong, each in another way. */
const night = Effect.gen(function* () {
  const crm = FakeRuns.make({ workspace: "crm", vendor: "rudderstack", otherwise: FakeRuns.success() })
  const script = (name: string, script: FakeRuns.Script) =>
    crm.script(`retl1.sync.rudderstack.crm.connection.${name}`, script)
  script("leads", FakeRuns.partial({ rows: { succeeded: 628, failed: 12 } }))
  script("profiles", FakeRuns.failure({ errorCode: "DESTINATION_DOWN" }))
  script("tickets", FakeRuns.success({ looks: Number.POSITIVE_INFINITY }))
  script("accounts", FakeRuns.lost("unclear"))
  const fleet = yield* Fleet.make({ crm: crm.workspace })
  yield* Console.log(String(yield* fleet.runAll(jobs, { whenRunning: "wait", deadline: "4 hours", concurrency: 1 })))
})

await Effect.runPromise(night.pipe(Effect.provide(Logger.layer([Logger.consoleLogFmt]))))
