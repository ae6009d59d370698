/** Batches of jobs over two fake vendors. */
import { Effect } from "effect"
import * as Fleet from "../../src/Fleet.ts"
import type * as Journal from "../../src/journal/Journal.ts"
import * as ProcessState from "../../src/journal/ProcessState.ts"
import type { Job } from "../../src/model/Job.ts"
import * as Workspace from "../../src/Workspace.ts"
import * as FakeDriver from "./fakeDriver.ts"

/** Two vendors: `crm`, and `ads`, whose runs have scopes. */
export const make = (options: { readonly crm?: FakeDriver.Fake; readonly journal?: Journal.Service } = {}) =>
  Effect.gen(function* () {
    const fakes = { crm: options.crm ?? FakeDriver.make(), ads: FakeDriver.make() }
    const common = { closeWithin: 0, ...(options.journal && { journal: options.journal }) }
    const crm = yield* Workspace.make({ name: "crm", ...common }, fakes.crm.driver)
    const ads = yield* Workspace.make(
      { name: "ads", defaultScope: "incremental", ...common },
      { ...fakes.ads.driver, scopes: ["incremental", "full"] as const },
    )
    return { fakes, fleet: yield* Fleet.make({ crm, ads }) }
  }).pipe(Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()))

export const job = (name: string, options: Partial<Job> = {}): Job => ({
  name,
  sync: FakeDriver.sync(name, "crm"),
  ...options,
})
export const jobs = (...names: ReadonlyArray<string>) => names.map((name) => job(name))
export const wait = { whenRunning: "wait" } as const

/** The most runs of a vendor that were under way at once. */
export const mostAtOnce = (runs: ReadonlyArray<FakeDriver.FakeRun>) =>
  Math.max(
    ...runs.map(({ startedAt }) => runs.filter((run) => run.startedAt <= startedAt && startedAt < run.endsAt).length),
  )

export const startsOf = (fake: FakeDriver.Fake) => fake.count("start")
