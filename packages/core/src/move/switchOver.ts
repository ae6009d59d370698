/**
 * One sync off, another on, never both.
 *
 * Order of things: refuse what cannot be a switch; look at both; pause `from`; wait for its runs; resume `to`. Whatever
 * fails on the way, `from` is switched on again only where `to` is known to be off.
 */
import * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type * as CoreFleet from "../Fleet.ts"
import * as FieldIssue from "../model/FieldIssue.ts"
import * as Input from "../model/Input.ts"
import { RunRef, SyncRef } from "../model/Ref.ts"
import { RetlError } from "../model/RetlError.ts"
import { isTerminal } from "../model/Run.ts"
import { State, type Sync } from "../model/Sync.ts"

/** The part of a fleet that a switch needs. */
// biome-ignore lint/suspicious/noExplicitAny: a fleet of any workspaces
export type Fleet = Pick<CoreFleet.Fleet<any>, "getSync" | "pauseSync" | "resumeSync" | "list" | "wait">

/** What a switch takes. */
export const SwitchOptions = /* @__PURE__ */ Schema.Struct({
  /** The sync to switch off. */
  from: SyncRef,
  /** The sync to switch on; it is disabled until then. */
  to: SyncRef,
  /**
   * What happens while a run of `from` is under way: `fail`, before anything is changed, or with `from` switched on again
   * where the run began in between; or `wait` for it, for up to 24 hours, with `from` paused.
   */
  whenRunning: Schema.Literals(["fail", "wait"]),
})
export interface SwitchOptions extends Schema.Schema.Type<typeof SwitchOptions> {}

/** Both syncs after a switch. */
export interface Switched {
  readonly from: Sync
  readonly to: Sync
}

/** A switch that did not come to its end: where both syncs are now, and why. Both are never enabled. */
export class SwitchOverFailed extends /* @__PURE__ */ Schema.TaggedError<SwitchOverFailed>()("SwitchOverFailed", {
  from: SyncRef,
  to: SyncRef,
  /** The step at which it failed. */
  step: Schema.Literals(["look", "pause", "wait", "resume"]),
  /** The state as it was last seen; `unknown` where a change may or may not have happened. */
  fromState: State,
  toState: State,
  /** Whether everything is as it was before. */
  isRolledBack: Schema.Boolean,
  /** Runs of `from` that were under way, where that is why. */
  underWay: Schema.Array(RunRef),
  why: Schema.String,
  error: Schema.optionalKey(RetlError),
}) {
  override get message(): string {
    const states = this.isRolledBack
      ? "everything is as it was"
      : `${this.from} is ${this.fromState}, ${this.to} is ${this.toState}`
    return `the switch failed at ${this.step}; ${states}: ${this.why}`
  }

  /** A stable code, safe to alert on. */
  get code(): string {
    return "retl.switch-over-failed"
  }

  /** What to do about it, in one sentence. */
  get guidance(): string {
    return this.isRolledBack
      ? "Mend what is named and switch again."
      : "Look at both syncs; before you switch one on by hand, make sure that the other is off."
  }
}

/** Where both syncs are, as they were last seen. */
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

/** A switch on its way. */
interface Course extends SwitchOptions {
  readonly fleet: Fleet
  /** Both syncs before anything was changed. */
  readonly before: Switched
}

type Step = SwitchOverFailed["step"]

/**
 * Switches `from` off and then `to` on: at no moment are both enabled. Where `to` cannot be enabled, `from` is switched on
 * again, unless `to` may be enabled after all: then both stay as they are and the error says so. With the two exchanged,
 * it rolls back.
 *
 * Two refs of one sync are refused, also where they name it under two workspaces. An interrupt before anything is changed
 * leaves nothing behind. After that, each of the two changes goes to its end first: an interrupt during the first, or
 * while core waits for runs, switches `from` on again; during the second, the switch is finished. What an interrupt has
 * left is logged as a warning. A process that dies in between leaves `from` off and `to` off or on: look at both.
 */
export const switchOver = (fleet: Fleet, options: SwitchOptions): Effect.Effect<Switched, SwitchOverFailed> =>
  Effect.suspend(() => {
    const decoded = decodeOptions(options)
    return Result.isSuccess(decoded) ? run(fleet, decoded.success) : Effect.fail(refusal(options, decoded.failure))
  })

const decodeOptions = /* @__PURE__ */ Input.decoder(SwitchOptions)
const decodeRef = /* @__PURE__ */ Input.decoder(SyncRef)

/** Stands in an error for what was not a ref; the error says so. */
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
  const course: Course = { ...options, fleet, before: yield* lookAtBoth(fleet, options) }
  yield* requireReady(course)
  // From here on an interrupt leaves no sync off in silence: it is heeded while core waits for runs, and undone then.
  return yield* Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const from = yield* pauseFrom(course)
      yield* Effect.onInterrupt(restore(waitForRuns(course, from)), () => undo(course, from))
      return { from, to: yield* resumeTo(course, from) }
    }).pipe(
      Effect.tapCause((cause) =>
        Option.match(Cause.findErrorOption(cause), {
          onNone: () => Effect.void,
          onSome: ({ message }) => Effect.onInterrupt(restore(Effect.void), () => logInterrupted(course, message)),
        }),
      ),
      Effect.tap(() => Effect.onInterrupt(restore(Effect.void), () => logInterrupted(course, "the switch is done"))),
    ),
  )
})

/** An id names one sync at a vendor, under whichever workspace's name. */
const siteOf = ({ vendor, ids }: SyncRef): string => new SyncRef({ workspace: "any", vendor, ids }).toString()

const lookAtBoth = Effect.fnUntraced(function* (
  fleet: Fleet,
  options: SwitchOptions,
): Effect.fn.Return<Switched, SwitchOverFailed> {
  const look = (ref: SyncRef) =>
    Effect.mapError(fleet.getSync(ref), (error) => untouched(options, { message: error.message, error }))
  return { from: yield* look(options.from), to: yield* look(options.to) }
})

/** Fails where `to` is not off, and where a run of `from` is under way and the caller does not wait for it. */
const requireReady = Effect.fnUntraced(function* (course: Course): Effect.fn.Return<void, SwitchOverFailed> {
  const { fleet, from, to, whenRunning, before } = course
  const states = statesBefore(course)
  if (!isOff(before.to)) {
    const found = before.to.isSwitchedOn === true ? "switched on" : before.to.state
    const message = `expected ${to} to be switched off, found it ${found}`
    return yield* stopped(course, "look", states, { message })
  }
  const underWay = yield* Effect.mapError(runsUnderWay(fleet, from), (error) =>
    stopped(course, "look", states, troubleOf(error)),
  )
  if (underWay.length > 0 && whenRunning === "fail") {
    return yield* stopped(course, "look", states, { message: "a run of it is under way", underWay })
  }
})

const pauseFrom = (course: Course): Effect.Effect<Sync, SwitchOverFailed> => {
  const { fleet, from, before } = course
  if (isOff(before.from)) return Effect.succeed(before.from)
  return fleet.pauseSync(from).pipe(
    Effect.filterOrFail(isAcceptedAsOff, notOff),
    Effect.catch((error) =>
      // Whether it is off decides nothing yet: `to` was not touched.
      Effect.flatMap(Effect.option(fleet.getSync(from)), (seen) =>
        stopped(course, "pause", { ...statesBefore(course), from: stateOf(seen) }, troubleOf(error)),
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
        : fail({ message: "a run of it has begun meanwhile", underWay }),
    ),
  )
}

const resumeTo = (course: Course, paused: Sync): Effect.Effect<Sync, SwitchOverFailed> => {
  const { fleet, to } = course
  return fleet.resumeSync(to).pipe(
    Effect.filterOrFail(({ state }) => state === "enabled", notEnabled),
    Effect.catch(
      Effect.fnUntraced(function* (error) {
        const pausedTo = yield* Effect.option(fleet.pauseSync(to))
        const seen = Option.isSome(pausedTo) ? pausedTo : yield* Effect.option(fleet.getSync(to))
        const trouble = troubleOf(error)
        // Only where `to` is known to be off may `from` be on again.
        return yield* Option.isSome(seen) && isOff(seen.value)
          ? switchBack(course, "resume", paused, seen.value.state, trouble)
          : stopped(course, "resume", { from: paused.state, to: stateOf(seen) }, trouble)
      }),
    ),
  )
}

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
  return Effect.flatMap(Effect.option(fleet.resumeSync(from)), (resumed) =>
    Effect.flatMap(Option.isSome(resumed) ? Effect.succeed(resumed) : Effect.option(fleet.getSync(from)), (seen) =>
      stopped(course, step, { from: stateOf(seen), to: toState }, trouble),
    ),
  )
}

/** What an interrupt leads to while core waits for runs. */
const undo = (course: Course, paused: Sync): Effect.Effect<void> =>
  Effect.flatMap(
    Effect.flip(switchBack(course, "wait", paused, course.before.to.state, { message: "it was interrupted" })),
    ({ message }) => logInterrupted(course, message),
  )

/** Tells the operator what became of a switch whose caller was interrupted. */
const logInterrupted = ({ from, to }: Course, outcome: string): Effect.Effect<void> =>
  Effect.annotateLogs(Effect.logWarning("A switch-over was interrupted"), {
    from: from.toString(),
    to: to.toString(),
    outcome,
  })

const statesBefore = ({ before }: Course): States => ({ from: before.from.state, to: before.to.state })

/** A failure while nothing has been changed, and nothing may have been seen. */
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

/** Switched off by somebody, and not merely halted: it will not fire, whatever else is mended. */
const isOff = ({ state, isSwitchedOn = false }: Sync): boolean =>
  !isSwitchedOn && (state === "paused" || state === "draft")

/** Accepted as switched off, by whatever the vendor reports. */
const isAcceptedAsOff = (sync: Sync): boolean => isOff(sync) || sync.isSwitchedOn === false

const notOff = ({ state }: Sync) => ({ _tag: "NotOff" as const, message: `it was switched off, and is ${state}` })

/** Switched on, and not enabled: a part of it is off, or the vendor has halted it. */
const notEnabled = ({ state, stateText = "the vendor does not say why" }: Sync) => ({
  _tag: "NotEnabled" as const,
  message: `it was switched on, and is ${state}: ${stateText}`,
})

const stateOf = (seen: Option.Option<Sync>): State => (Option.isSome(seen) ? seen.value.state : "unknown")

/** This many runs show whether one is under way, where the list is newest first. */
const enough = 100

/** Returns the runs of a sync that have not ended. A list that is oldest first is read to its end. */
const runsUnderWay = Effect.fnUntraced(function* (fleet: Fleet, sync: SyncRef) {
  const first = yield* Stream.runCollect(Stream.take(fleet.list(sync), enough))
  const [newest, oldest] = [first[0]?.startedAt, first.at(-1)?.startedAt]
  const isOldestFirst = newest !== undefined && oldest !== undefined && DateTime.isLessThan(newest, oldest)
  const runs = first.length < enough || !isOldestFirst ? first : yield* Stream.runCollect(fleet.list(sync))
  return runs.filter(({ status }) => !isTerminal(status)).map(({ ref }) => ref)
})

const troubleOf = (error: { readonly _tag: string; readonly message: string }): Trouble => ({
  message: error.message,
  ...(error instanceof RetlError && { error }),
})
