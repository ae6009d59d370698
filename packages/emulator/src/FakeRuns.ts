/**
 * A fake of `Runs` for unit tests: no vendor, no HTTP, and no clock to move. A test scripts what the triggers of a sync lead to,
 * runs its program, and asserts how often it triggered.
 *
 * Behind the fake is core itself, over a driver in memory, in a time that jumps: what the fake returns, and how it fails, has the
 * types and the rules of real workspaces. Keys, policies, `whenRunning`, `ensure` and the journal work as they do there. For what
 * goes wrong on the way to a vendor, take an emulator.
 */
import { Cancellation } from "@openretl/core/Cancellation"
import { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as Open from "@openretl/core/Open"
import * as ProcessState from "@openretl/core/ProcessState"
import * as Reason from "@openretl/core/Reason"
import * as Ref from "@openretl/core/Ref"
import { decideByRows, type Rows } from "@openretl/core/Run"
import { Runs } from "@openretl/core/Runs"
import * as Workspace from "@openretl/core/Workspace"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as EffectScope from "effect/Scope"
import { inJumpingTime } from "./internal/fakes/inJumpingTime.ts"
import * as JumpingClock from "./internal/fakes/jumpingClock.ts"
import * as ScriptedDriver from "./internal/fakes/scriptedDriver.ts"

/** What one trigger of a sync leads to. The functions of this module make it. */
export interface Script {
  /** What the driver does. */
  readonly does: ScriptedDriver.Script
}

/** How the run of a script goes. */
export interface RunOptions {
  /** What it delivers. @default 100 rows for a success, 1 failed row more for a partial one, none otherwise */
  readonly rows?: Rows
  /**
   * How many looks show the run under way before one shows its end: reads of the run, and of its sync's list. `Infinity`: it never
   * ends by itself, and a wait for it reaches its deadline at once.
   * @default 0
   */
  readonly looks?: number
}

const delivered = 100

const scriptOf = (
  status: "succeeded" | "failed" | "cancelled",
  rows: Rows,
  { looks = 0 }: RunOptions = {},
): Script => ({
  does: { run: { status: decideByRows(status, rows), rows, looks } },
})

/** The trigger starts a run that delivers every row. */
export const success = (options: RunOptions = {}): Script =>
  scriptOf("succeeded", options.rows ?? { succeeded: delivered, failed: 0 }, options)

/** The trigger starts a run that delivers some rows and loses others. */
export const partial = (options: RunOptions = {}): Script =>
  scriptOf("succeeded", options.rows ?? { succeeded: delivered, failed: 1 }, options)

/** The trigger starts a run that fails. */
export const failure = (
  options: RunOptions & { readonly errorCode?: string; readonly errorText?: string } = {},
): Script => {
  const { rows = { succeeded: 0 }, looks = 0, errorCode, errorText } = options
  const error = { ...(errorCode !== undefined && { errorCode }), ...(errorText !== undefined && { errorText }) }
  return { does: { run: { status: "failed", rows, looks, ...error } } }
}

/** The trigger starts a run that somebody cancels at the vendor. */
export const cancelled = (options: RunOptions = {}): Script => scriptOf("cancelled", options.rows ?? {}, options)

/** The codes with which a vendor refuses a trigger, and why. */
const refusals = {
  "retl.unauthenticated": () => new Reason.Unauthenticated(),
  "retl.permission-denied": () => new Reason.PermissionDenied(),
  "retl.not-found": () => new Reason.NotFound({ what: "sync" }),
  "retl.not-triggerable": () => new Reason.NotTriggerable({ state: "paused" }),
  "retl.conflict": () => new Reason.Conflict(),
  "retl.rate-limited": () => new Reason.RateLimited({ retryAfter: Duration.hours(1) }),
} as const

/** The code of an error with which a vendor refuses a trigger. */
export type RefusalCode = keyof typeof refusals

/** The vendor refuses the trigger, which fails with this code and starts no run. */
export const refused = (code: RefusalCode): Script => ({ does: { answer: refusals[code]() } })

/**
 * The answer to the trigger is lost. `started`: it has started a run, which core finds (`adopted`). `not-started`: it provably has
 * not. `unclear`: nothing settles it, and the call fails with `TriggerIndeterminate`.
 */
export const lost = (what: "started" | "not-started" | "unclear", options: RunOptions = {}): Script => ({
  does: {
    answer: "lost",
    ...(what !== "not-started" && success(options).does),
    isAmbiguous: what === "unclear",
  },
})

/** Options of a fake. */
export interface Options {
  /** The name of the workspace that the refs of the syncs have. */
  readonly workspace: string
  /** The vendor that the refs have, as in `rudderstack`. */
  readonly vendor: string
  /** The names of the ids of a sync. @default those of Segment and RudderStack; `sync` for any other vendor */
  readonly ids?: ReadonlyArray<string>
  /** What the triggers lead to that no script is left for. @default they fail, with a message that says what to script */
  readonly otherwise?: Script
}

/** A sync: its ref, or the ref's text form. */
export type SyncName = Ref.SyncRef | string

/** The services of a fake. */
export type Services = Runs | CurrentWorkspace | Cancellation

/** A fake of one workspace. */
export interface FakeRuns {
  /** The services, for programs with Effect. */
  readonly layer: Layer.Layer<Services>
  /** The operations on runs. */
  readonly runs: Runs["Service"]
  /** The workspace as a value, for a fleet. */
  readonly workspace: Workspace.Workspace<Services>
  /** The workspace in promises, as the `open` of an adapter returns it, also for `openFleet`. */
  readonly open: () => Promise<Open.OpenWorkspace<Services, Ref.VendorIds>>
  /** Appends what the next triggers of a sync lead to, one script each. */
  readonly script: (sync: SyncName, ...scripts: ReadonlyArray<Script>) => void
  /** Starts a run as somebody else does; the script has to have one. It began `ago` before now. @default now */
  readonly addRun: (sync: SyncName, script: Script, ago?: Duration.Input) => void
  /** Returns how many trigger requests of a sync arrived. Calls that share a run, or remember one, send none. */
  readonly triggersOf: (sync: SyncName) => number
  /** Throws unless so many trigger requests of a sync arrived. */
  readonly assertTriggered: (sync: SyncName, times: number) => void
}

/** When the time of every fake begins. */
const startsAt = Date.UTC(2026, 0, 1)

/** Creates a fake. Throws where the options are invalid. */
export const make = (options: Options): FakeRuns => {
  const { workspace: name, vendor, ids = ["sync"], otherwise } = options
  const scripted = ScriptedDriver.make({
    workspace: name,
    vendor,
    idNames: ids,
    ...(otherwise && { otherwise: otherwise.does }),
  })
  const time = JumpingClock.make(startsAt)
  const made = Workspace.make({ name, closeWithin: 0 }, scripted.driver).pipe(
    Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()),
    Effect.provideService(Clock.Clock, time.clock),
    EffectScope.provide(EffectScope.makeUnsafe()),
  )
  const { services } = Effect.runSync(made)
  const timed = <I, S extends object>(key: Context.Key<I, S>) =>
    inJumpingTime(Context.get(services as Context.Context<I>, key), time)
  const inTime = Context.make(Runs, timed(Runs)).pipe(
    Context.add(CurrentWorkspace, timed(CurrentWorkspace)),
    Context.add(Cancellation, timed(Cancellation)),
  )
  const workspace = { name, vendor, services: inTime }
  const idsOf = (sync: SyncName) => {
    const { ids } = typeof sync === "string" ? Effect.runSync(Ref.parseSync(sync)) : sync
    return ids
  }
  const triggersOf = (sync: SyncName) => scripted.triggersOf(idsOf(sync))
  const opener = Open.opener<{ readonly name: string }, Services, Ref.VendorIds>({
    vendor,
    issues: () => [],
    workspace: () => Effect.succeed(workspace),
    syncRef: (workspace, ids) => Effect.succeed(new Ref.SyncRef({ workspace, vendor, ids })),
  })
  return {
    layer: Layer.succeedContext(inTime),
    runs: Context.get(inTime, Runs),
    workspace,
    open: () => opener({ name }),
    script: (sync, ...scripts) =>
      scripted.script(
        idsOf(sync),
        scripts.map(({ does }) => does),
      ),
    addRun: (sync, { does: { run } }, ago = 0) => {
      if (run === undefined) throw new Error("Expected a script with a run, as FakeRuns.success() makes one")
      const now = DateTime.makeUnsafe(time.clock.currentTimeMillisUnsafe())
      scripted.addRun(idsOf(sync), run, DateTime.subtractDuration(now, ago))
    },
    triggersOf,
    assertTriggered: (sync, times) => {
      const triggers = triggersOf(sync)
      if (triggers === times) return
      throw new Error(`Expected ${times} triggers of ${sync}, and ${triggers} arrived`)
    },
  }
}
