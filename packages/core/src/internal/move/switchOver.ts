/** One sync off, another on, never both. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Fleet, Switched, SwitchOptions, SwitchOverFailed } from "../../Move.ts"
import type { RunRef, SyncRef } from "../../Ref.ts"
import type { RetlError } from "../../RetlError.ts"
import { isTerminal } from "../../Run.ts"
import type { State, Sync } from "../../Sync.ts"

type Failed = Omit<ConstructorParameters<typeof SwitchOverFailed>[0], "from" | "to">

interface Trouble {
  readonly message: string
  readonly error?: RetlError
}

/** How both stand, as far as is known. */
interface States {
  readonly from: State
  readonly to: State
}

export const switchOver = Effect.fnUntraced(function* (
  fleet: Fleet,
  { from, to, whenRunning }: SwitchOptions,
  failure: (failed: Failed) => SwitchOverFailed,
): Effect.fn.Return<Switched, SwitchOverFailed> {
  const look = (ref: SyncRef) =>
    Effect.mapError(fleet.getSync(ref), (error) => {
      const nothing = { fromState: "unknown", toState: "unknown", isRolledBack: true, underWay: [] } as const
      return failure({ ...nothing, step: "look", why: error.message, error })
    })
  const before = { from: yield* look(from), to: yield* look(to) }
  const asBefore: States = { from: before.from.state, to: before.to.state }

  const stopped = (
    step: Failed["step"],
    states: States,
    { message: why, error }: Trouble,
    underWay: ReadonlyArray<RunRef> = [],
  ) => {
    const isRolledBack = states.from === asBefore.from && states.to === asBefore.to
    const told = { step, fromState: states.from, toState: states.to, isRolledBack, underWay, why }
    return failure(error === undefined ? told : { ...told, error })
  }

  if (!isOff(before.to)) {
    const found = before.to.isSwitchedOn === true ? "switched on" : before.to.state
    return yield* stopped("look", asBefore, { message: `expected ${to} to be switched off, found it ${found}` })
  }
  const running = yield* Effect.mapError(underWay(fleet, from), (error) => stopped("look", asBefore, troubleOf(error)))
  if (running.length > 0 && whenRunning === "fail") {
    return yield* stopped("look", asBefore, { message: "a run of it is under way" }, running)
  }

  const paused = isOff(before.from) ? before.from : yield* pause()
  yield* waitFor()
  return { from: paused, to: yield* resume() }

  function pause(): Effect.Effect<Sync, SwitchOverFailed> {
    return fleet.pauseSync(from).pipe(
      Effect.catch((error) =>
        // Whether it is off decides nothing yet: `to` was not touched.
        Effect.flatMap(Effect.option(fleet.getSync(from)), (seen) =>
          stopped("pause", { ...asBefore, from: stateOf(seen) }, troubleOf(error)),
        ),
      ),
    )
  }

  function waitFor(): Effect.Effect<void, SwitchOverFailed> {
    return Effect.flatMap(underWay(fleet, from), (runs) =>
      Effect.forEach(runs, (run) => fleet.wait(run), { concurrency: "unbounded", discard: true }),
    ).pipe(Effect.catch((error) => back("wait", before.to.state, troubleOf(error))))
  }

  function resume(): Effect.Effect<Sync, SwitchOverFailed> {
    return fleet.resumeSync(to).pipe(
      Effect.filterOrFail(({ state }) => state === "enabled", notRunning),
      Effect.catch(
        Effect.fnUntraced(function* (error) {
          const off = yield* Effect.option(fleet.pauseSync(to))
          const seen = Option.isSome(off) ? off : yield* Effect.option(fleet.getSync(to))
          const trouble = troubleOf(error)
          // Only when `to` is known to be off may `from` be on again.
          return yield* Option.isSome(seen) && isOff(seen.value)
            ? back("resume", seen.value.state, trouble)
            : stopped("resume", { from: paused.state, to: stateOf(seen) }, trouble)
        }),
      ),
    )
  }

  /** Switches `from` on again where it was on. */
  function back(step: Failed["step"], toState: State, trouble: Trouble): Effect.Effect<never, SwitchOverFailed> {
    if (isOff(before.from) || before.from.state === "unknown") {
      return Effect.fail(stopped(step, { from: paused.state, to: toState }, trouble))
    }
    return Effect.flatMap(Effect.option(fleet.resumeSync(from)), (on) =>
      Effect.flatMap(Option.isSome(on) ? Effect.succeed(on) : Effect.option(fleet.getSync(from)), (seen) =>
        stopped(step, { from: stateOf(seen), to: toState }, trouble),
      ),
    )
  }
})

/** Switched off by somebody, and not merely halted: it will not fire, whatever else is mended. */
const isOff = ({ state, isSwitchedOn = false }: Sync): boolean =>
  !isSwitchedOn && (state === "paused" || state === "draft")

/** Switched on, and not running: a part of it is off, or the vendor has halted it. */
const notRunning = ({ state, stateText = "the vendor does not say why" }: Sync) => ({
  _tag: "NotRunning" as const,
  message: `it was switched on, and is ${state}: ${stateText}`,
})

const stateOf = (seen: Option.Option<Sync>): State => (Option.isSome(seen) ? seen.value.state : "unknown")

/** So many runs tell whether one is under way, where the list is newest first. */
const enough = 100

/** The runs of a sync that have not ended. A list that is oldest first is read to its end. */
const underWay = Effect.fnUntraced(function* (fleet: Fleet, sync: SyncRef) {
  const first = yield* Stream.runCollect(Stream.take(fleet.list(sync), enough))
  const [newest, oldest] = [first[0]?.startedAt, first.at(-1)?.startedAt]
  const isOldestFirst = newest !== undefined && oldest !== undefined && DateTime.isLessThan(newest, oldest)
  const runs = first.length < enough || !isOldestFirst ? first : yield* Stream.runCollect(fleet.list(sync))
  return runs.filter(({ status }) => !isTerminal(status)).map(({ ref }) => ref)
})

const troubleOf = (error: { readonly _tag: string; readonly message: string }): Trouble => ({
  message: error.message,
  ...(error._tag === "RetlError" && { error: error as RetlError }),
})
