/** A driver in memory whose syncs do what their scripts say. */
import * as Driver from "@openretl/core/driver/Driver"
import * as Reason from "@openretl/core/Reason"
import { SyncRef, VendorId } from "@openretl/core/Ref"
import { RetlError } from "@openretl/core/RetlError"
import * as Run from "@openretl/core/Run"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

type Ids = Readonly<Record<string, string>>

/** What one trigger of a sync leads to. */
export interface Script {
  /** The run; absent where the trigger starts none. */
  readonly run?: {
    readonly status: Run.Status
    readonly rows: Run.Rows
    /** How many looks show the run under way, before the first that shows its end. */
    readonly looks: number
    readonly errorText?: string
    readonly errorCode?: string
  }
  /** Why the vendor refuses the trigger; `lost`: its answer is lost; absent: it answers with the run. */
  readonly answer?: Reason.Reason | "lost"
  /** Whether reads leave open whose run a new one is. */
  readonly isAmbiguous?: boolean
}

interface FakeRun {
  readonly id: string
  readonly startedAt: DateTime.Utc
  readonly script: NonNullable<Script["run"]>
  looks: number
  finishedAt?: DateTime.Utc
  isCancelled?: boolean
}

/** What happened to one sync, and what is to happen. */
interface FakeSync {
  readonly scripts: Array<Script>
  readonly runs: Array<FakeRun>
  triggers: number
  isAmbiguous: boolean
}

const optional = Schema.optionalKey(VendorId)

/** The ids that name a sync of a known vendor. */
const idsByVendor: Readonly<Record<string, Driver.AnyDriver["ids"]>> = {
  rudderstack: Schema.Struct({ connection: VendorId }),
  segment: Schema.Struct({ source: VendorId, model: VendorId, subscription: VendorId, destination: optional }),
}

/** Returns the schema of a vendor's ids; of an unknown vendor, those of these names. */
const idsOf = (vendor: string, names: ReadonlyArray<string>): Driver.AnyDriver["ids"] =>
  idsByVendor[vendor] ?? Schema.Struct(Object.fromEntries(names.map((name) => [name, VendorId])))

/** The driver, and the controls of what happens behind it. */
export interface ScriptedDriver {
  readonly driver: Driver.AnyDriver & { readonly cancellation: object }
  /** Appends scripts for the next triggers of a sync. */
  readonly script: (ids: Ids, scripts: ReadonlyArray<Script>) => void
  /** Starts a run as another user of the account does. */
  readonly addRun: (ids: Ids, run: NonNullable<Script["run"]>, startedAt: DateTime.Utc) => void
  /** Returns how many trigger requests of a sync arrived. */
  readonly triggersOf: (ids: Ids) => number
}

let accounts = 0

/** Creates the driver. `otherwise`: what triggers do that no script is left for. */
export const make = (options: {
  readonly workspace: string
  readonly vendor: string
  readonly idNames: ReadonlyArray<string>
  readonly otherwise?: Script
}): ScriptedDriver => {
  const { workspace, vendor, otherwise } = options
  const ids = idsOf(vendor, options.idNames)
  const syncs = new Map<string, FakeSync>()
  let minted = 0

  const named = (sync: Ids): FakeSync => {
    const key = JSON.stringify(requiredOf(ids, sync))
    const existing = syncs.get(key) ?? { scripts: [], runs: [], triggers: 0, isAmbiguous: false }
    syncs.set(key, existing)
    return existing
  }

  const failed = (operation: string, reason: Reason.Reason, delivery: RetlError["delivery"]) =>
    new RetlError({ workspace, vendor, operation, reason, delivery, evidence: {}, attempts: 1, exhausted: false })

  const begin = (sync: FakeSync, script: FakeRun["script"], startedAt: DateTime.Utc): FakeRun => {
    const run: FakeRun = { id: `run-${++minted}`, startedAt, script, looks: 0 }
    sync.runs.unshift(run)
    return run
  }

  const now = Effect.map(Clock.currentTimeMillis, DateTime.makeUnsafe)

  const start = Effect.fnUntraced(function* (sync: Ids) {
    const fake = named(sync)
    const script = fake.scripts.shift() ?? otherwise
    if (script === undefined) return yield* Effect.fail(failed("start", unscripted(workspace, vendor, sync), "refused"))
    fake.triggers++
    fake.isAmbiguous = script.isAmbiguous === true
    const run = script.run && begin(fake, script.run, yield* now)
    if (script.answer === "lost") {
      return yield* Effect.fail(failed("start", new Reason.Network({ code: "ECONNRESET" }), "unknown"))
    }
    if (script.answer !== undefined) return yield* Effect.fail(failed("start", script.answer, "refused"))
    return run?.id ?? ""
  })

  return {
    driver: {
      spec: Driver.spec,
      vendor,
      baseUrl: `https://fake-${++accounts}.example`,
      ids,
      description: {
        limits: [],
        whenBusy: "unknown",
        runAppearsWithin: "1 minute",
        readLag: 0,
        unknownRun: "not-found",
      },
      runs: {
        start,
        get: (sync: Ids, id: string) =>
          Effect.flatMap(now, (at) => {
            const run = named(sync).runs.find((other) => other.id === id)
            return run === undefined
              ? Effect.fail(failed("get", new Reason.NotFound({ what: "run" }), "refused"))
              : Effect.succeed(look(run, at))
          }),
        list: (sync: Ids) => Effect.map(now, (at) => ({ runs: named(sync).runs.map((run) => look(run, at)) })),
        ownSchedule: (sync: Ids) =>
          Effect.sync((): Driver.OwnSchedule => (named(sync).isAmbiguous ? "unknown" : "manual")),
      },
      cancellation: {
        stops: "run",
        cancel: (sync: Ids, id: string) =>
          Effect.sync(() => {
            const run = named(sync).runs.find((other) => other.id === id)
            if (run === undefined || run.finishedAt !== undefined) return "finished" as const
            run.isCancelled = true
            return "requested" as const
          }),
      },
      check: () => Effect.succeed({ shown: "it is a fake" }),
    },
    script: (sync, scripts) => void named(sync).scripts.push(...scripts),
    addRun: (sync, script, startedAt) => void begin(named(sync), script, startedAt),
    triggersOf: (sync) => named(sync).triggers,
  }
}

const requiredOf = ({ fields }: Driver.AnyDriver["ids"], sync: Ids): ReadonlyArray<unknown> =>
  Object.entries(fields)
    .filter(([, field]) => field !== optional)
    .map(([name]) => sync[name])

/** Looks at a run, which may end it. */
const look = (run: FakeRun, at: DateTime.Utc): Driver.Snapshot => {
  const { status, rows, looks, errorText, errorCode } = run.script
  if (run.finishedAt === undefined && (run.isCancelled === true || run.looks++ >= looks)) run.finishedAt = at
  const { id, startedAt, finishedAt, isCancelled } = run
  if (finishedAt === undefined) {
    return { run: id, status: "running", vendorStatus: "running", startedAt, rows: {}, native: {} }
  }
  const ended = isCancelled === true ? "cancelled" : status
  return {
    ...{ run: id, status: ended, vendorStatus: ended, startedAt, finishedAt, native: {} },
    rows: isCancelled === true ? {} : Run.account(rows),
    ...(errorText !== undefined && { errorText }),
    ...(errorCode !== undefined && { errorCode }),
  }
}

const unscripted = (workspace: string, vendor: string, ids: Ids): Reason.Reason => {
  const sync = new SyncRef({ workspace, vendor, ids })
  const message = `Expected a script for this trigger of ${sync}: call script(sync, FakeRuns.success()) on the fake before it, once for each trigger, or pass otherwise to FakeRuns.make`
  return new Reason.InvalidRequest({ issues: [{ path: ["script"], message }] })
}
