/** One sync off, another on, never both. */
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Fleet, Switched, SwitchOptions, SwitchOverFailed } from "../Move.ts"
import { type RunRef, SyncRef } from "../model/Ref.ts"
import type { RetlError } from "../model/RetlError.ts"
import { isTerminal } from "../model/Run.ts"
import type { State, Sync } from "../model/Sync.ts"

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

export type Failure = (failed: Failed) => SwitchOverFailed

/** How both stand while nothing has been looked at. */
export const untouched = { fromState: "unknown", toState: "unknown", isRolledBack: true, underWay: [] } as const

export const switchOver = Effect.fnUntraced(function* (
  fleet: Fleet,
  { from, to, whenRunning }: SwitchOptions,
  failure: Failure,
): Effect.fn.Return<Switched, SwitchOverFailed> {
  const look = (ref: SyncRef) =>
    Effect.mapError(fleet.getSync(ref), (error) => {
      return failure({ ...untouched, step: "look", why: error.message, error })
    })
  const wrong = wrongWith(from, to, whenRunning)
  if (wrong !== undefined) return yield* failure({ ...untouched, step: "look", why: wrong })
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

  // From here on an interrupt leaves neither off in silence: it is heeded while runs are waited for, and undone then.
  return yield* Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const paused = isOff(before.from) ? before.from : yield* pause()
      yield* Effect.onInterrupt(restore(waitFor(paused)), () => undo(paused))
      return { from: paused, to: yield* resume(paused) }
    }).pipe(
      Effect.tapCause((cause) =>
        Option.match(Cause.findErrorOption(cause), {
          onNone: () => Effect.void,
          onSome: ({ message }) => Effect.onInterrupt(restore(Effect.void), () => say(message)),
        }),
      ),
      Effect.tap(() => Effect.onInterrupt(restore(Effect.void), () => say("the switch is done"))),
    ),
  )

  /** For a caller who has gone. */
  function say(outcome: string): Effect.Effect<void> {
    const between = { from: from.toString(), to: to.toString(), outcome }
    return Effect.annotateLogs(Effect.logWarning("a switch-over was interrupted"), between)
  }

  function pause(): Effect.Effect<Sync, SwitchOverFailed> {
    return fleet.pauseSync(from).pipe(
      Effect.filterOrFail(isSwitchedOff, notOff),
      Effect.catch((error) =>
        // Whether it is off decides nothing yet: `to` was not touched.
        Effect.flatMap(Effect.option(fleet.getSync(from)), (seen) =>
          stopped("pause", { ...asBefore, from: stateOf(seen) }, troubleOf(error)),
        ),
      ),
    )
  }

  function waitFor(paused: Sync): Effect.Effect<void, SwitchOverFailed> {
    return underWay(fleet, from).pipe(
      Effect.tap((runs) =>
        whenRunning === "wait"
          ? Effect.forEach(runs, (run) => fleet.wait(run), { concurrency: "unbounded", discard: true })
          : Effect.void,
      ),
      Effect.catch((error) => back("wait", paused, before.to.state, troubleOf(error))),
      Effect.flatMap((runs) =>
        whenRunning === "wait" || runs.length === 0
          ? Effect.void
          : back("wait", paused, before.to.state, { message: "a run of it has begun meanwhile" }, runs),
      ),
    )
  }

  /** What becomes of an interrupt while runs are waited for. */
  function undo(paused: Sync): Effect.Effect<void> {
    return Effect.flatMap(
      Effect.flip(back("wait", paused, before.to.state, { message: "it was interrupted" })),
      ({ message }) => say(message),
    )
  }

  function resume(paused: Sync): Effect.Effect<Sync, SwitchOverFailed> {
    return fleet.resumeSync(to).pipe(
      Effect.filterOrFail(({ state }) => state === "enabled", notRunning),
      Effect.catch(
        Effect.fnUntraced(function* (error) {
          const off = yield* Effect.option(fleet.pauseSync(to))
          const seen = Option.isSome(off) ? off : yield* Effect.option(fleet.getSync(to))
          const trouble = troubleOf(error)
          // Only when `to` is known to be off may `from` be on again.
          return yield* Option.isSome(seen) && isOff(seen.value)
            ? back("resume", paused, seen.value.state, trouble)
            : stopped("resume", { from: paused.state, to: stateOf(seen) }, trouble)
        }),
      ),
    )
  }

  /** Switches `from` on again where it was on. */
  function back(
    step: Failed["step"],
    paused: Sync,
    toState: State,
    trouble: Trouble,
    runs: ReadonlyArray<RunRef> = [],
  ): Effect.Effect<never, SwitchOverFailed> {
    if (isOff(before.from) || before.from.state === "unknown") {
      return Effect.fail(stopped(step, { from: paused.state, to: toState }, trouble, runs))
    }
    return Effect.flatMap(Effect.option(fleet.resumeSync(from)), (on) =>
      Effect.flatMap(Option.isSome(on) ? Effect.succeed(on) : Effect.option(fleet.getSync(from)), (seen) =>
        stopped(step, { from: stateOf(seen), to: toState }, trouble, runs),
      ),
    )
  }
})

/** What no look is needed for. An id names one sync at a vendor, under whichever workspace's name. */
const wrongWith = (from: SyncRef, to: SyncRef, whenRunning: unknown): string | undefined => {
  const where = (ref: SyncRef) => new SyncRef({ workspace: "any", vendor: ref.vendor, ids: ref.ids }).toString()
  if (where(from) === where(to)) return `expected two syncs, found ${from} for both`
  if (whenRunning !== "fail" && whenRunning !== "wait") return "expected whenRunning to be fail or wait"
  return undefined
}

/** Switched off by somebody, and not merely halted: it will not fire, whatever else is mended. */
const isOff = ({ state, isSwitchedOn = false }: Sync): boolean =>
  !isSwitchedOn && (state === "paused" || state === "draft")

/** Accepted as switched off, by whatever the vendor tells. */
const isSwitchedOff = (sync: Sync): boolean => isOff(sync) || sync.isSwitchedOn === false

const notOff = ({ state }: Sync) => ({ _tag: "NotOff" as const, message: `it was switched off, and is ${state}` })

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
