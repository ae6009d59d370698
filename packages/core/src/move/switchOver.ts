/**
 * Switches one sync off and another on: at no moment are both on.
 *
 * Order of things: validate the options; hold both syncs against other switch-overs; read both; pause `from`; wait for its
 * runs; pause `from` once more, since a colleague may have switched it on meanwhile; resume `to`; pause `from` after that, too.
 * Reads may lag behind: no read spares a pause. After a failure on the way, `to` is paused, and `from` is switched on again
 * only where `to` is certainly off.
 */
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { Changed } from "../Administration.ts"
import type * as Switching from "../engine/configuration/switching.ts"
import type * as CoreFleet from "../Fleet.ts"
import * as FieldIssue from "../model/FieldIssue.ts"
import * as Input from "../model/Input.ts"
import { type RunRef, SyncRef } from "../model/Ref.ts"
import { RetlError } from "../model/RetlError.ts"
import { isTerminal } from "../model/Run.ts"
import type { State, Sync } from "../model/Sync.ts"
import * as Logging from "../telemetry/logging.ts"
import type { CallName, calls } from "../telemetry/spans.ts"
import * as Tracing from "../telemetry/tracing.ts"
import { type Switched, SwitchOptions, SwitchOverFailed } from "./SwitchOverFailed.ts"

/** The part of a fleet that a switch-over needs. */
export type Fleet = Pick<AnyFleet, "getSync" | "resumeSync" | "list" | "wait" | "holdForSwitch">

// biome-ignore lint/suspicious/noExplicitAny: a fleet of any workspaces
type AnyFleet = CoreFleet.Fleet<any>

/** The states of both syncs as core last saw them. */
interface States {
  readonly from: State
  readonly to: State
}

/** Why a step failed. */
interface Trouble {
  readonly message: string
  readonly error?: RetlError
  /** Runs of `from` that were under way. */
  readonly underWay?: ReadonlyArray<RunRef>
}

/** A switch-over that is under way. */
interface Course extends SwitchOptions {
  readonly fleet: Fleet
  /** What it does with `from`, and what the journal says of it. */
  readonly record: Switching.Record
  /** What it does with `to`. */
  readonly target: Switching.Record
  /** Both syncs before anything was changed. */
  readonly before: Switched
}

type Step = SwitchOverFailed["step"]

/**
 * Switches `from` off and then `to` on: at no moment are both enabled. With the two exchanged, it leads back. Where that is
 * done already, it returns both as they are: after a process that died on the way, call it again.
 *
 * Fails with `SwitchOverFailed`. Where `to` cannot be enabled, it switches `from` on again, unless `to` may be enabled:
 * then it leaves both as they are, and the error says so. Two refs of one sync are rejected, also under two workspaces.
 *
 * An interrupt before the first change leaves nothing behind. After that, each change goes on to its end. An interrupt
 * during the first change, or while core waits for runs, switches `from` on again; one during the second change
 * finishes the switch-over. A warning in the log says what became of it. A process that ends in between leaves `from`
 * off, and `to` on or off; the journal has an entry of it (`Administration.pending`, with both refs as its ends).
 */
export const switchOver = (fleet: Fleet, options: SwitchOptions): Effect.Effect<Switched, SwitchOverFailed> =>
  Effect.suspend(() => {
    const decoded = decodeOptions(options)
    if (Result.isFailure(decoded)) return Effect.fail(refusal(options, decoded.failure))
    const { from } = decoded.success
    return observedSwitch(from)(run(fleet, decoded.success))
  })

/** Runs a switch-over in its span. */
const observedSwitch = (from: SyncRef) =>
  Tracing.within(() => ({
    name: "Move.switchOver" satisfies CallName,
    attributes: {
      ...Tracing.given(from),
      "openretl.operation": "switchOver" satisfies (typeof calls)["Move.switchOver"]["operation"],
      "openretl.sync.ref": from.toString(),
    },
  }))

/** Unknown fields are dropped: all options are required, and refs may have other fields besides. */
const decodeOptions = /* @__PURE__ */ Input.decoder(SwitchOptions, { excess: "ignore" })
const decodeRef = /* @__PURE__ */ Input.decoder(SyncRef, { excess: "ignore" })

/** The ref in an error about a value that is not a ref. */
const noRef = /* @__PURE__ */ new SyncRef({ workspace: "unknown", vendor: "unknown", ids: { unknown: "unknown" } })

const refusal = (
  options: Partial<SwitchOptions> | undefined,
  issues: ReadonlyArray<FieldIssue.FieldIssue>,
): SwitchOverFailed =>
  untouched(
    {
      from: Result.getOrElse(decodeRef(options?.from), () => noRef),
      to: Result.getOrElse(decodeRef(options?.to), () => noRef),
    },
    { message: FieldIssue.toText(issues) },
  )

const run = Effect.fnUntraced(function* (
  fleet: Fleet,
  options: SwitchOptions,
): Effect.fn.Return<Switched, SwitchOverFailed> {
  if (siteOf(options.from) === siteOf(options.to)) {
    return yield* untouched(options, { message: `expected two syncs, found ${options.from} for both` })
  }
  const { from, to } = options
  const pair = { from: from.toString(), to: to.toString() }
  // Two that are opposite take both syncs in the same order.
  const [first, second] = siteOf(from) < siteOf(to) ? [from, to] : [to, from]
  return yield* fleet
    .holdForSwitch(first, pair, (one) =>
      fleet.holdForSwitch(second, pair, (other) =>
        held(fleet, options, ...(first === from ? ([one, other] as const) : ([other, one] as const))),
      ),
    )
    .pipe(
      Effect.mapError((error) =>
        error instanceof RetlError ? untouched(options, { message: error.summary, error }) : error,
      ),
    )
})

/** The switch-over of two syncs that it holds. */
const held = Effect.fnUntraced(function* (
  fleet: Fleet,
  options: SwitchOptions,
  record: Switching.Record,
  target: Switching.Record,
): Effect.fn.Return<Switched, SwitchOverFailed | RetlError> {
  const before = { from: yield* fleet.getSync(options.from), to: yield* fleet.getSync(options.to) }
  const course: Course = { ...options, fleet, record, target, before }
  yield* requireReady(course)
  // Once its entry is written, an interrupt takes effect only while core waits for runs, and then `from` is switched on again.
  return yield* Effect.uninterruptibleMask((restore) => {
    const begin = Effect.onInterrupt(restore(record.begin), () => record.end("undone"))
    const work = Effect.gen(function* () {
      const paused = yield* pauseFrom(course)
      yield* Effect.onInterrupt(restore(waitForRuns(course, paused)), () => undo(course, paused))
      const from = yield* pauseFrom(course)
      const to = yield* resumeTo(course, from)
      return { from: yield* pauseAfter(course, from, to), to }
    }).pipe(
      Effect.tap(() => record.end("switched")),
      Effect.tapError((error) => endUndone(course, error)),
      Effect.tapCause((cause) =>
        Option.match(Cause.findErrorOption(cause), {
          onNone: () => Effect.void,
          onSome: (error) => Effect.onInterrupt(restore(Effect.void), () => logFailed(course, error)),
        }),
      ),
      Effect.tap(() =>
        Effect.onInterrupt(restore(Effect.void), () => logInterrupted(course, "the switch-over is complete")),
      ),
    )
    return Effect.andThen(begin, work)
  })
})

/** Returns the text that two refs share exactly when they have the same vendor and ids, in whichever workspaces. */
const siteOf = ({ vendor, ids }: SyncRef): string => new SyncRef({ workspace: "any", vendor, ids }).toString()

/** Fails where `to` is not off, and where a run of `from` is under way and the caller does not wait for it. */
const requireReady = Effect.fnUntraced(function* (course: Course): Effect.fn.Return<void, SwitchOverFailed> {
  const { fleet, from, to, whenRunning, before } = course
  const states = statesBefore(course)
  // What is done already is done once more: it sends what reads may hide.
  const isDone = isOff(before.from) && before.to.state === "enabled"
  if (!isOff(before.to) && !isDone) {
    const state = before.to.isSwitchedOn === true ? "switched on" : before.to.state
    const message = `expected ${to} to be switched off, found it ${state}`
    return yield* stopped(course, "look", states, { message })
  }
  const underWay = yield* Effect.mapError(runsUnderWay(fleet, from), (error) =>
    stopped(course, "look", states, troubleOf(error)),
  )
  if (underWay.length > 0 && whenRunning === "fail") {
    return yield* stopped(course, "look", states, { message: `a run of ${from} is under way`, underWay })
  }
})

const pauseFrom = (course: Course): Effect.Effect<Sync, SwitchOverFailed> => {
  const { fleet, from, record } = course
  return switched(record.pause).pipe(
    Effect.filterOrFail(isAcceptedAsOff, notOff),
    Effect.catch((error) =>
      // `to` was not changed, so that `from` may be on or off.
      Effect.flatMap(outcomeOf(fleet.getSync(from)), (sync) =>
        stopped(course, "pause", { ...statesBefore(course), from: stateOf(sync) }, troubleOf(error)),
      ),
    ),
  )
}

const waitForRuns = (course: Course, paused: Sync): Effect.Effect<void, SwitchOverFailed> => {
  const { fleet, from, whenRunning, before } = course
  const fail = (trouble: Trouble) => switchBack(course, "wait", paused, before.to.state, trouble)
  return runsUnderWay(fleet, from).pipe(
    Effect.tap((runs) =>
      whenRunning === "wait"
        ? Effect.forEach(runs, (ref) => fleet.wait(ref), { concurrency: "unbounded", discard: true })
        : Effect.void,
    ),
    Effect.catch((error) => fail(troubleOf(error))),
    Effect.flatMap((underWay) =>
      whenRunning === "wait" || underWay.length === 0
        ? Effect.void
        : fail({ message: `a run of ${from} has begun meanwhile`, underWay }),
    ),
  )
}

const resumeTo = (course: Course, paused: Sync): Effect.Effect<Sync, SwitchOverFailed> => {
  const { fleet, to } = course
  return switched(fleet.resumeSync(to)).pipe(
    Effect.filterOrFail(({ state }) => state === "enabled", notEnabled),
    Effect.catch(
      Effect.fnUntraced(function* (error) {
        const pausedTo = yield* outcomeOf(switched(course.target.pause))
        const latest = Option.isSome(pausedTo) ? pausedTo : yield* outcomeOf(fleet.getSync(to))
        const trouble = troubleOf(error)
        // `from` may be on again only where `to` is certainly off.
        return yield* Option.isSome(latest) && isOff(latest.value)
          ? switchBack(course, "resume", paused, latest.value.state, trouble)
          : stopped(course, "resume", { from: paused.state, to: stateOf(latest) }, trouble)
      }),
    ),
  )
}

/**
 * Pauses `from` after the switch: a colleague may have switched it on meanwhile, which reads may not show yet. Where it is on
 * all the same, one of the two is paused, so that not both are on.
 */
const pauseAfter = (course: Course, paused: Sync, resumed: Sync): Effect.Effect<Sync, SwitchOverFailed> => {
  const { fleet, from } = course
  return switched(course.record.pause).pipe(
    Effect.filterOrFail(isAcceptedAsOff, notOff),
    Effect.catch(
      Effect.fnUntraced(function* (error) {
        const latest = yield* outcomeOf(fleet.getSync(from))
        // A read that fails says nothing: `from` was paused a moment ago.
        if (Option.isNone(latest) || isAcceptedAsOff(latest.value)) return paused
        const states = yield* pauseEither(course, { from: latest.value.state, to: resumed.state })
        return yield* stopped(course, "resume", states, troubleOf(error))
      }),
    ),
  )
}

/** Pauses `to`, or else `from`, where both are on: until one is off, each twice at most. Returns the states. */
const pauseEither = Effect.fnUntraced(function* (course: Course, states: States): Effect.fn.Return<States> {
  const { fleet, record, target, to } = course
  for (let times = 0; times < 2; times++) {
    const pausedTo = yield* outcomeOf(switched(target.pause))
    if (Option.isSome(pausedTo)) return { ...states, to: pausedTo.value.state }
    const pausedFrom = yield* outcomeOf(switched(record.pause))
    // An earlier pause of `to` may have come through all the same.
    if (Option.isSome(pausedFrom)) {
      return { from: pausedFrom.value.state, to: stateOf(yield* outcomeOf(fleet.getSync(to))) }
    }
  }
  return states
})

/** Returns the sync also where another hand has changed other fields of it meanwhile: the log says so. */
const switched = (change: Changed<Sync>) =>
  Effect.catchTag(change, "ChangeConflict", ({ sync }) => Effect.succeed(sync))

/** Returns what an effect succeeds with; nothing where it fails, and where a workspace that closes interrupts it. */
const outcomeOf = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<Option.Option<A>> =>
  Effect.map(Effect.exit(effect), (exit) => (Exit.isSuccess(exit) ? Option.some(exit.value) : Option.none()))

/** Switches `from` on again where it was on, and fails. */
const switchBack = (
  course: Course,
  step: Step,
  paused: Sync,
  toState: State,
  trouble: Trouble,
): Effect.Effect<never, SwitchOverFailed> => {
  const { fleet, from, before } = course
  if (isOff(before.from) || before.from.state === "unknown") {
    return Effect.fail(stopped(course, step, { from: paused.state, to: toState }, trouble))
  }
  return Effect.flatMap(outcomeOf(switched(fleet.resumeSync(from))), (resumed) =>
    Effect.flatMap(Option.isSome(resumed) ? Effect.succeed(resumed) : outcomeOf(fleet.getSync(from)), (latest) =>
      stopped(course, step, { from: stateOf(latest), to: toState }, trouble),
    ),
  )
}

/** Switches `from` on again after an interrupt while core waits for runs, and logs what became of it. */
const undo = (course: Course, paused: Sync): Effect.Effect<void> =>
  Effect.flatMap(
    Effect.flip(switchBack(course, "wait", paused, course.before.to.state, { message: "its caller was interrupted" })),
    (error) => Effect.andThen(endUndone(course, error), logFailed(course, error)),
  )

/** Writes that both syncs are as they were, where they are. */
const endUndone = ({ record }: Course, { isRolledBack }: SwitchOverFailed): Effect.Effect<void> =>
  isRolledBack ? record.end("undone") : Effect.void

/** Logs how a switch-over failed whose caller was interrupted: without what the vendor said. */
const logFailed = (course: Course, { step, fromState, toState, isRolledBack }: SwitchOverFailed): Effect.Effect<void> =>
  logInterrupted(
    course,
    `it stopped at ${step}, from is ${fromState}, to is ${toState}${isRolledBack ? ", both as they were" : ""}`,
  )

/** Logs what became of a switch-over whose caller was interrupted. */
const logInterrupted = ({ from, to }: Course, outcome: string): Effect.Effect<void> =>
  Logging.warn("A switch-over was interrupted", { from: from.toString(), to: to.toString(), outcome })

const statesBefore = ({ before }: Course): States => ({ from: before.from.state, to: before.to.state })

/** Returns the failure of a switch-over that changed nothing, and may have read nothing. */
const untouched = (refs: Pick<SwitchOptions, "from" | "to">, { message: why, error }: Trouble): SwitchOverFailed =>
  new SwitchOverFailed({
    from: refs.from,
    to: refs.to,
    step: "look",
    fromState: "unknown",
    toState: "unknown",
    isRolledBack: true,
    underWay: [],
    why,
    ...(error && { error }),
  })

/** Returns the failure of a switch-over at a step. */
const stopped = (
  course: Course,
  step: Step,
  states: States,
  { message: why, error, underWay = [] }: Trouble,
): SwitchOverFailed => {
  const { from, to } = statesBefore(course)
  return new SwitchOverFailed({
    from: course.from,
    to: course.to,
    step,
    fromState: states.from,
    toState: states.to,
    isRolledBack: states.from === from && states.to === to,
    underWay,
    why,
    ...(error && { error }),
  })
}

/** Returns whether a sync is switched off, and not merely halted: it does not fire, whatever else is repaired. */
const isOff = ({ state, isSwitchedOn = false }: Sync): boolean =>
  !isSwitchedOn && (state === "paused" || state === "draft")

/** Returns whether a sync that was paused counts as switched off, by its state or by its switch. */
const isAcceptedAsOff = (sync: Sync): boolean => isOff(sync) || sync.isSwitchedOn === false

const notOff = ({ state }: Sync) => ({
  _tag: "NotOff" as const,
  summary: `it was switched off, and its state is ${state}`,
})

/** The trouble with a sync that was switched on: a part of it is off, or the vendor has halted it. */
const notEnabled = ({ state, stateText = "the vendor does not report why" }: Sync) => ({
  _tag: "NotEnabled" as const,
  summary: `it was switched on, and its state is ${state}: ${stateText}`,
})

const stateOf = (sync: Option.Option<Sync>): State => (Option.isSome(sync) ? sync.value.state : "unknown")

/** This many of the newest runs show whether one is under way. */
const newestRuns = 100

/** Returns the runs of a sync that are under way. A list that is oldest first is read to its end. */
const runsUnderWay = Effect.fnUntraced(function* (fleet: Fleet, sync: SyncRef) {
  const first = yield* Stream.runCollect(Stream.take(fleet.list(sync), newestRuns))
  const [newest, oldest] = [first[0]?.startedAt, first.at(-1)?.startedAt]
  const isOldestFirst = newest !== undefined && oldest !== undefined && DateTime.isLessThan(newest, oldest)
  const runs = first.length < newestRuns || !isOldestFirst ? first : yield* Stream.runCollect(fleet.list(sync))
  return runs.filter(({ status }) => !isTerminal(status)).map(({ ref }) => ref)
})

const troubleOf = (error: { readonly _tag: string; readonly summary: string }): Trouble => ({
  message: error.summary,
  ...(error instanceof RetlError && { error }),
})
