/**
 * The planner of a workspace, which looks at the runs that are waited for when they are due.
 *
 * It is one fiber in the workspace's scope, from the first wait to the end of the last: a child of the first waiter
 * would end with that waiter. It looks at a run when it is due, and at several runs of one sync by one listing; what
 * follows from a look is decided in `polling.ts`. At most 16 looks are under way at once; those that are likely to show an
 * end go first. A defect of the planner reaches all waiters.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Tracer from "effect/Tracer"
import { RunRef, type SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Run } from "../../model/Run.ts"
import { type Unended, WaitDeadlineExceeded } from "../../model/Wait.ts"
import * as Tracing from "../../telemetry/tracing.ts"
import type { WorkspaceContext } from "../context.ts"
import * as Verify from "../verify.ts"
import * as DueHeap from "./dueHeap.ts"
import * as Lengths from "./lengths.ts"
import * as Polling from "./polling.ts"
import * as Reporting from "./pollReporting.ts"

/** The most looks that are under way at once. */
const maxInFlight = 16

/** How many due runs are compared by their urgency. */
const maxCompared = 250

/** How long after a look a hint leads to another one at the earliest, in milliseconds. */
const hintPauseMillis = 2_000

/** How long the look at a deadline may take, in milliseconds, until the wait ends without it. */
export const lastLookMillis = 30_000

/** What a caller who waits bears. */
export interface Bounds extends Polling.Limits {
  /** Epoch milliseconds. */
  readonly deadline: number
  /** Whether the caller would accept this end: only then it waits until the run's counts have settled. */
  readonly accepts: (run: Run) => boolean
}

/** Bears everything until the deadline, and takes the first end. */
export const until = (deadline: number): Bounds => ({
  deadline,
  patience: Number.POSITIVE_INFINITY,
  unknownWithin: Number.POSITIVE_INFINITY,
  startWithin: Number.POSITIVE_INFINITY,
  accepts: () => false,
})

/** A caller who waits for a run. */
interface Waiter {
  readonly bounds: Bounds
  /** Whether the deadline has passed: the wait ends with the next look that begins after it. */
  isLate: boolean
  readonly onChange: (run: Run) => void
  readonly done: Deferred.Deferred<Run, RetlError | Unended>
  readonly entry: Entry
  /** The span of the wait; absent where it has none. */
  readonly span: Tracer.AnySpan | undefined
}

/** A run that is waited for, and its waiters. */
interface Entry {
  /** The key of the run. */
  readonly key: string
  /** The identity of its sync. */
  readonly sync: string
  watched: Polling.Watched
  readonly waiters: Set<Waiter>
  /** When the next look is due, in epoch milliseconds. */
  dueAt: number
  /** When the last look began. */
  lookedAt: number
  /** When the first wait for it began. */
  readonly begunAt: number
  /** When the last hint about the run came. */
  hintedAt: number
  /** The look that is under way for it. */
  poll: Poll | undefined
}

/** A look that is under way, and the runs that it is at. */
interface Poll {
  readonly entries: ReadonlyArray<Entry>
  fiber: Fiber.Fiber<unknown> | undefined
}

/** The waits of one workspace. */
export interface Planner {
  /**
   * Waits for a run to end, and returns it. At the deadline it looks once more, and fails with `WaitDeadlineExceeded`
   * where the run has not ended. Calls `onChange` with the run as it is first seen, at every change, and at its end. An
   * interrupt of the last waiter of a run interrupts its requests.
   */
  readonly wait: (ref: RunRef, bounds: Bounds, onChange?: (run: Run) => void) => Effect.Effect<Run, RetlError | Unended>
  /** Looks soon at a run, or at the runs of a sync, where somebody waits for them. */
  readonly notice: (ref: RunRef | SyncRef) => Effect.Effect<void>
}

export const make = (context: WorkspaceContext): Planner => {
  const { rules } = context
  const entries = new Map<string, Entry>()
  const bySync = new Map<string, Set<Entry>>()
  const due = DueHeap.make<Entry>()
  const deadlines = DueHeap.make<Waiter>()
  const ready: Array<Entry> = []
  let inFlight = 0
  let isRunning = false
  let wake = Deferred.makeUnsafe<void>()

  const finish = (entry: Entry, exit: Polling.End) => {
    remove(entry)
    const waiters = Array.from(entry.waiters)
    entry.waiters.clear()
    for (const { done } of waiters) Deferred.doneUnsafe(done, exit)
    forget(waiters.length)
  }

  /**
   * Deadlines of ended waits would stay in the heap for up to a day: they are removed once they are its greater part.
   */
  let endedWaits = 0
  const forget = (waits: number) => {
    endedWaits += waits
    if (endedWaits < 100 || endedWaits < deadlines.size() / 2) return
    endedWaits = 0
    deadlines.retain((waiter) => waiter.entry.waiters.has(waiter))
  }

  const isCurrent = (entry: Entry) => entries.get(entry.key) === entry

  /** Removes a run without a wait for it. A wait for it that came meanwhile has an entry of its own. */
  const remove = (entry: Entry) => {
    if (isCurrent(entry)) entries.delete(entry.key)
    const entriesOfSync = bySync.get(entry.sync)
    entriesOfSync?.delete(entry)
    if (entriesOfSync?.size === 0) bySync.delete(entry.sync)
  }

  const schedule = (entry: Entry, at: number) => {
    entry.dueAt = at
    due.push(at, entry)
  }

  /** Ends one wait; the others for the run go on. */
  const leave = (waiter: Waiter, exit: Polling.End) => {
    const { entry } = waiter
    if (!entry.waiters.delete(waiter)) return
    Deferred.doneUnsafe(waiter.done, exit)
    forget(1)
    if (entry.waiters.size === 0) remove(entry)
  }

  /** Returns the spans of the waits for these runs. */
  const spansOf = (group: ReadonlyArray<Entry>) =>
    group.flatMap(({ waiters }) => Array.from(waiters, ({ span }) => span)).filter((span) => span !== undefined)

  /** Applies what one look, which began at `from`, has shown of a run. */
  const learn = (entry: Entry, observation: Polling.Observation, from: number, now: number) => {
    const step = Polling.next(rules, entry.watched, observation, now)
    const { watched } = step
    entry.watched = watched
    if (step.changed !== undefined) for (const { onChange } of entry.waiters) onChange(step.changed)
    if (step._tag === "End") return finish(entry, step.exit)
    let at = step.at
    for (const waiter of Array.from(entry.waiters)) {
      const exit = exitOf(waiter, step, from, now)
      if (exit !== undefined) leave(waiter, exit)
      else at = Math.min(at, waiter.isLate ? now : Polling.limitAt(watched, waiter.bounds))
    }
    if (!isCurrent(entry)) return
    // A hint that came after the look had begun may tell of what the look did not show.
    if (entry.hintedAt >= from) at = Math.min(at, Math.max(now, from + hintPauseMillis))
    schedule(entry, at)
  }

  /** Returns how the wait of one waiter ends after a look that has not ended all; `undefined` where it goes on. */
  const exitOf = (waiter: Waiter, step: Polling.Step, from: number, now: number): Polling.End | undefined => {
    const isOver = waiter.isLate && waiter.bounds.deadline <= from
    if (step._tag === "Settling")
      return isOver || !waiter.bounds.accepts(step.run) ? Effect.succeed(step.run) : undefined
    return isOver ? tooLate(waiter) : Polling.endOf(step.watched, waiter.bounds, now)
  }

  const poll = Effect.fnUntraced(function* (group: ReadonlyArray<Entry>, from: number) {
    const { observations, lengths } = yield* Polling.look(
      context,
      group.map(({ watched }) => watched),
      from,
    ).pipe(Reporting.poll(context, () => spansOf(group)))
    const now = yield* Clock.currentTimeMillis
    const polled = new Set(group)
    // The look is over: what it leads to may be due at once.
    for (const entry of group) entry.poll = undefined
    // The page may show other runs of the sync that are waited for, at no cost.
    for (const entry of Array.from(bySync.get(group[0]?.sync ?? "") ?? [])) {
      if (entry.watched.lengths === undefined) entry.watched = { ...entry.watched, lengths }
      const observation = observations.get(entry.watched.ref.run)
      if (observation === undefined || !(polled.has(entry) || entry.poll === undefined)) continue
      const { isSlow } = entry.watched
      const delay = Reporting.detectionDelay(entry.watched, entry.begunAt, observation, now)
      if (delay !== undefined) yield* context.record("openretl.detection.delay", delay, {})
      learn(entry, observation, from, now)
      if (entry.watched.isSlow && !isSlow) yield* Polling.reportSlow(entry.watched, now)
    }
  })

  const dispatch = (group: ReadonlyArray<Entry>, now: number) =>
    Effect.suspend(() => {
      const current: Poll = { entries: group, fiber: undefined }
      inFlight++
      for (const entry of group) {
        entry.poll = current
        entry.lookedAt = now
      }
      return poll(group, now).pipe(
        Effect.catchCause((cause) =>
          Effect.sync(() => {
            for (const entry of group) finish(entry, Effect.failCause(cause))
          }),
        ),
        Effect.ensuring(
          Effect.sync(() => {
            inFlight--
            Deferred.doneUnsafe(wake, Effect.void)
          }),
        ),
        Effect.forkIn(context.scope),
        Effect.tap((fiber) =>
          Effect.sync(() => {
            current.fiber = fiber
          }),
        ),
      )
    })

  /** Takes the most urgent of the due runs; it may have ended, or be looked at, meanwhile. */
  const nextReady = (now: number): Entry | undefined => {
    if (ready.length === 1) return ready.shift()
    let best = 0
    let highest = Number.NEGATIVE_INFINITY
    for (const [index, { watched, lookedAt, dueAt }] of ready.slice(0, maxCompared).entries()) {
      const urgency = Polling.urgency(rules, watched, lookedAt, dueAt, now)
      if (urgency <= highest) continue
      best = index
      highest = urgency
    }
    return ready.splice(best, 1)[0]
  }

  /** Returns a due run with the runs of its sync that are due, or nearly due. */
  const groupOf = (first: Entry, now: number): ReadonlyArray<Entry> =>
    Array.from(bySync.get(first.sync) ?? []).filter(
      (entry) =>
        entry === first ||
        (entry.poll === undefined && entry.dueAt - now <= Polling.interval(rules, entry.watched, now) / 4),
    )

  let latest = Number.NEGATIVE_INFINITY
  const loop = Effect.gen(function* () {
    while (entries.size > 0) {
      wake = Deferred.makeUnsafe<void>()
      const now = yield* Clock.currentTimeMillis
      // A clock that is set back must not delay polls by its whole step: all runs are due.
      if (now < latest) for (const entry of entries.values()) schedule(entry, now)
      latest = now
      for (let top = deadlines.peek(); top !== undefined && top.due <= now; top = deadlines.peek()) {
        deadlines.pop()
        expire(top.value, now)
      }
      for (let top = due.peek(); top !== undefined && top.due <= now; top = due.peek()) {
        due.pop()
        if (isCurrent(top.value) && top.value.dueAt === top.due && top.value.poll === undefined) ready.push(top.value)
      }
      while (inFlight < maxInFlight && ready.length > 0) {
        const first = nextReady(now)
        if (first === undefined || !isCurrent(first) || first.poll !== undefined) continue
        yield* dispatch(groupOf(first, now), now)
      }
      // Each wait has its deadline.
      const next = Math.min(due.peek()?.due ?? Infinity, deadlines.peek()?.due ?? Infinity)
      yield* Effect.timeoutOption(Deferred.await(wake), Math.max(1, next - now))
    }
  }).pipe(
    Effect.catchCause((cause) =>
      Effect.sync(() => {
        for (const entry of Array.from(entries.values())) finish(entry, Effect.failCause(cause))
      }),
    ),
  )

  const run: Effect.Effect<void> = Effect.suspend(() => {
    if (entries.size > 0) return Effect.andThen(loop, run)
    isRunning = false
    return Effect.void
  })

  const start = Effect.suspend(() => {
    Deferred.doneUnsafe(wake, Effect.void)
    if (isRunning) return Effect.void
    isRunning = true
    return Effect.forkIn(run, context.scope)
  })

  const tooLate = ({ entry: { watched }, bounds }: Waiter): Polling.End => {
    const { ref, run, trouble, endedSince } = watched
    if (run !== undefined && endedSince !== undefined) return Effect.succeed(run)
    const deadline = DateTime.makeUnsafe(bounds.deadline)
    return Effect.fail(new WaitDeadlineExceeded(Verify.present({ ref, run, deadline, trouble: trouble?.error })))
  }

  /** Looks once more at the deadline, since the run may have ended right before it. */
  const expire = (waiter: Waiter, now: number) => {
    if (!waiter.entry.waiters.has(waiter)) return
    if (waiter.isLate) return leave(waiter, tooLate(waiter))
    waiter.isLate = true
    deadlines.push(now + lastLookMillis, waiter)
    if (waiter.entry.poll === undefined) schedule(waiter.entry, now)
  }

  const onInterrupt = (waiter: Waiter) =>
    Effect.suspend(() => {
      const { entry } = waiter
      if (entry.waiters.delete(waiter)) forget(1)
      if (entry.waiters.size > 0) return Effect.void
      remove(entry)
      if (entries.size === 0) Deferred.doneUnsafe(wake, Effect.void)
      const { poll } = entry
      const isWanted = poll?.entries.some(({ waiters }) => waiters.size > 0)
      if (poll?.fiber === undefined || isWanted) return Effect.void
      return Effect.forkIn(Fiber.interrupt(poll.fiber), context.scope)
    })

  const wait: Planner["wait"] = (ref, bounds, onChange) =>
    context.rateLimit.whileOpen(waitInPlan(ref, bounds, onChange))

  const waitInPlan: Planner["wait"] = (ref, bounds, onChange) =>
    Effect.flatMap(Effect.zip(Clock.currentTimeMillis, Tracing.currentSpan), ([now, span]) => {
      const key = context.runKeyOf(ref)
      let entry = entries.get(key)
      if (entry === undefined) {
        entry = {
          key,
          sync: context.identityOf(ref.sync),
          watched: Polling.watch(ref, Lengths.known(context, ref.sync), now),
          waiters: new Set(),
          dueAt: now,
          begunAt: now,
          lookedAt: Number.NEGATIVE_INFINITY,
          hintedAt: Number.NEGATIVE_INFINITY,
          poll: undefined,
        }
        entries.set(key, entry)
        const entriesOfSync = bySync.get(entry.sync) ?? new Set()
        bySync.set(entry.sync, entriesOfSync.add(entry))
        // Who wants to know every change wants to know the present, too.
        schedule(entry, onChange === undefined ? Polling.firstAt(rules, entry.watched, now) : now)
      }
      const waiter: Waiter = {
        bounds,
        isLate: false,
        onChange: onChange ?? (() => {}),
        done: Deferred.makeUnsafe(),
        entry,
        span,
      }
      const { run, endedSince } = entry.watched
      if (run !== undefined) {
        onChange?.(run)
        // An end that this caller takes as it is needs no wait for its counts.
        if (endedSince !== undefined && !bounds.accepts(run)) return Effect.succeed(run)
      }
      entry.waiters.add(waiter)
      deadlines.push(bounds.deadline, waiter)
      const limitAt = Polling.limitAt(entry.watched, bounds)
      if (entry.poll === undefined && limitAt < entry.dueAt) schedule(entry, Math.max(now, limitAt))
      return Effect.andThen(start, Deferred.await(waiter.done)).pipe(Effect.onInterrupt(() => onInterrupt(waiter)))
    })

  const notice: Planner["notice"] = (ref) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const one = ref instanceof RunRef ? entries.get(context.runKeyOf(ref)) : undefined
      const named = ref instanceof RunRef ? (one ? [one] : []) : (bySync.get(context.identityOf(ref)) ?? [])
      for (const entry of named) {
        entry.hintedAt = now
        const at = Math.max(now, entry.lookedAt + hintPauseMillis)
        if (entry.poll !== undefined || at >= entry.dueAt) continue
        schedule(entry, at)
        Deferred.doneUnsafe(wake, Effect.void)
      }
    })

  return { wait, notice }
}
