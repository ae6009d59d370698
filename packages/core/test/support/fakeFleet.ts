/** Two syncs at two vendors, and the part of a fleet that a switch from one to the other needs. */
import { DateTime, type Duration, Effect, Stream } from "effect"
import type * as Move from "../../src/Move.ts"
import { ChangeIndeterminate } from "../../src/model/Change.ts"
import { type Finished, judge } from "../../src/model/Outcome.ts"
import { PermissionDenied, Timeout } from "../../src/model/Reason.ts"
import { RunRef, SyncRef } from "../../src/model/Ref.ts"
import { RetlError } from "../../src/model/RetlError.ts"
import { Run } from "../../src/model/Run.ts"
import { type State, Sync } from "../../src/model/Sync.ts"
import { WaitDeadlineExceeded } from "../../src/model/Wait.ts"

export const from = new SyncRef({ workspace: "old", vendor: "segment", ids: { model: "m" } })
export const to = new SyncRef({ workspace: "new", vendor: "zeotap", ids: { sync: "s" } })

export const syncOf = (ref: SyncRef, state: State, fields: Partial<ConstructorParameters<typeof Sync>[0]> = {}) =>
  new Sync({
    ref,
    connection: { source: { id: "m1", name: "Customers" }, destination: { id: "d1", kind: "salesforce" } },
    state,
    vendorState: state,
    native: {},
    ...fields,
  })

export const runOf = (status: Run["status"], rows: Run["rows"], id = "r1") =>
  new Run({ ref: new RunRef({ sync: from, run: id }), status, vendorStatus: status, rows, native: {} })

export const target: Move.Target = {
  vendor: "Zeotap",
  schedules: { vendor: "Zeotap", cron: { timeZone: { assumed: "UTC" }, source: "its documentation" } },
  modes: ["upsert", "mirror"],
  hasNames: true,
  hasCasts: true,
  hasPrimaryKey: true,
}

/** What becomes of one change of the fake fleet. The answer of a `silent` one is lost. */
type Fate = "done" | "refused" | "silent-done" | "silent-not-done"
export const fates: ReadonlyArray<Fate> = ["done", "refused", "silent-done", "silent-not-done"]

const retlError = (ref: SyncRef, reason: RetlError["reason"], delivery: RetlError["delivery"]) =>
  new RetlError({
    workspace: ref.workspace,
    vendor: ref.vendor,
    operation: "updateSync",
    reason,
    delivery,
    evidence: {},
    attempts: 1,
    exhausted: false,
  })

/** Two syncs, and a fleet whose changes meet these fates one after the other. It counts the moments at which both are enabled. */
export const fake = (options: {
  readonly from?: State
  readonly to?: State
  readonly fates?: ReadonlyArray<Fate>
  /** Only the first two reads of a sync succeed. */
  readonly isUnreadable?: boolean
  /** Reads of `to` show its switch as on, whatever its state. */
  readonly isToSwitchedOn?: boolean
  /** How long each change takes. */
  readonly takes?: Duration.Input
  /** How long each wait takes. */
  readonly waits?: Duration.Input
  /** The runs that begin when a sync is paused. */
  readonly begins?: ReadonlyArray<Run>
  /** The state that the answer of a pause shows. */
  readonly paused?: State
  /** Every wait reaches its deadline. */
  readonly waitFails?: boolean
  /** The state of `to` after its resume. */
  readonly resumed?: State
  readonly running?: ReadonlyArray<Run>
}) => {
  const states = new Map<string, State>([
    [from.toString(), options.from ?? "enabled"],
    [to.toString(), options.to ?? "paused"],
  ])
  const remainingFates = [...(options.fates ?? [])]
  const writes: Array<string> = []
  let reads = 0
  let running = options.running ?? []
  let bothEnabled = 0
  const stateOf = (ref: SyncRef) => states.get(ref.toString()) ?? "unknown"
  const setState = (ref: SyncRef, state: State) => {
    states.set(ref.toString(), state)
    if (stateOf(from) === "enabled" && stateOf(to) === "enabled") bothEnabled++
  }
  const change = (ref: SyncRef, state: State) =>
    Effect.flatMap(Effect.sleep(options.takes ?? 0), (): Effect.Effect<Sync, RetlError | ChangeIndeterminate> => {
      if (stateOf(ref) === state) return Effect.succeed(syncOf(ref, state))
      writes.push(`${ref.workspace} ${state}`)
      const fate = remainingFates.shift() ?? "done"
      if (fate === "refused") return Effect.fail(retlError(ref, new PermissionDenied(), "refused"))
      const becomes = String(ref) === String(to) && state === "enabled" ? (options.resumed ?? state) : state
      if (fate !== "silent-not-done") setState(ref, becomes)
      if (state === "paused") running = [...running, ...(options.begins ?? [])]
      if (fate === "done")
        return Effect.succeed(syncOf(ref, state === "paused" ? (options.paused ?? becomes) : becomes))
      const error = retlError(ref, new Timeout({ after: DateTime.distance(epoch, later) }), "unknown")
      return Effect.fail(
        new ChangeIndeterminate({ operation: "update", sync: ref, candidates: [], wanted: { enabled: true }, error }),
      )
    })
  const fleet: Move.Fleet = {
    getSync: (ref) =>
      Effect.suspend(() =>
        options.isUnreadable === true && reads++ >= 2
          ? Effect.fail(retlError(ref, new PermissionDenied(), "refused"))
          : Effect.succeed(
              syncOf(
                ref,
                stateOf(ref),
                String(ref) === String(to) && options.isToSwitchedOn === true ? { isSwitchedOn: true } : {},
              ),
            ),
      ),
    holdForSwitch: (sync, _pair, work) =>
      work({ pause: change(sync, "paused"), begin: Effect.void, end: () => Effect.void }),
    resumeSync: (ref) => change(ref, "enabled"),
    list: () => Stream.suspend(() => Stream.fromIterable(running)),
    wait: (ref) =>
      Effect.flatMap(Effect.sleep(options.waits ?? 0), (): Effect.Effect<Finished, WaitDeadlineExceeded> => {
        if (options.waitFails === true) {
          const run = runOf("running", {})
          return Effect.fail(new WaitDeadlineExceeded({ ref: run.ref, deadline: later, run }))
        }
        running = running.filter((run) => run.ref.run !== ref.run)
        const run = runOf("succeeded", { succeeded: 1, failed: 0 })
        return Effect.succeed({ ...judge(run), run })
      }),
  }
  return { fleet, writes, stateOf, bothEnabled: () => bothEnabled }
}

const epoch = DateTime.makeUnsafe(0)
const later = DateTime.makeUnsafe(1_000)
