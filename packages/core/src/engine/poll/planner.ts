/**
 * The planner of a workspace, which decides when to poll the runs that are waited for.
 *
 * It is one fiber in the workspace's scope, from the first wait to the end of the last: a child of the first waiter
 * would end with that waiter. It polls a run when it is due, and several runs of one sync by one listing. At most 16
 * polls are under way at once, and the syncs take turns. A defect of the planner reaches all waiters.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import type { RunRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Run } from "../../model/Run.ts"
import { type Unended, WaitDeadlineExceeded } from "../../model/Wait.ts"
import type { WorkspaceContext } from "../context.ts"
import * as DueHeap from "./dueHeap.ts"
import * as Polling from "./polling.ts"

/** The most polls that are under way at once. */
const maxInFlight = 16

/** How long the look at a deadline may take, in milliseconds, until the wait ends without it. */
const lastLookMillis = 30_000

/** What a caller who waits bears. */
export interface Bounds extends Polling.Limits {
  /** Epoch milliseconds. */
  readonly deadline: number
}

/** Bears everything until the deadline. */
export const until = (deadline: number): Bounds => ({
  deadline,
  patience: Number.POSITIVE_INFINITY,
  unknownWithin: Number.POSITIVE_INFINITY,
  startWithin: Number.POSITIVE_INFINITY,
})

/** A caller who waits for a run. */
interface Waiter {
  readonly bounds: Bounds
  /** Whether the deadline has passed: the wait ends with the next look that begins after it. */
  isLate: boolean
  readonly onChange: (run: Run) => void
  readonly done: Deferred.Deferred<Run, RetlError | Unended>
  readonly entry: Entry
}

/** A run that is waited for, and its waiters. */
interface Entry extends Polling.WatchedRun {
  /** The key of the run. */
  readonly key: string
  /** The identity of its sync. */
  readonly sync: string
  readonly waiters: Set<Waiter>
  /** When the next poll is due, in epoch milliseconds. */
  dueAt: number
  /** The poll that is under way for it. */
  poll: Poll | undefined
}

/** A poll that is under way, and the runs that it polls. */
interface Poll {
  readonly entries: ReadonlyArray<Entry>
  /** When it began, in epoch milliseconds. */
  readonly at: number
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
}

export const make = Effect.fnUntraced(function* (context: WorkspaceContext): Effect.fn.Return<Planner> {
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

  const remove = (entry: Entry) => {
    entries.delete(entry.key)
    const entriesOfSync = bySync.get(entry.sync)
    entriesOfSync?.delete(entry)
    if (entriesOfSync?.size === 0) bySync.delete(entry.sync)
  }

  const schedule = (entry: Entry, at: number) => {
    entry.dueAt = at
    due.push(at, entry)
  }

  yield* Scope.addFinalizer(
    context.scope,
    Effect.sync(() => {
      for (const entry of Array.from(entries.values())) finish(entry, Effect.interrupt)
    }),
  )

  /** Ends one wait; the others for the run go on. */
  const leave = (waiter: Waiter, exit: Polling.End) => {
    const { entry } = waiter
    if (!entry.waiters.delete(waiter)) return
    Deferred.doneUnsafe(waiter.done, exit)
    forget(1)
    if (entry.waiters.size === 0) remove(entry)
  }

  /** Applies what one poll, which began at `from`, has shown of a run. */
  const learn = (entry: Entry, observation: Polling.Observation, from: number, now: number) => {
    if (entries.get(entry.key) !== entry) return
    const step = Polling.next(entry, observation, now)
    if (step.changed !== undefined) for (const { onChange } of entry.waiters) onChange(step.changed)
    if (step._tag === "End") return finish(entry, step.exit)
    let at = step.at
    for (const waiter of Array.from(entry.waiters)) {
      const exit =
        waiter.isLate && waiter.bounds.deadline <= from ? tooLate(waiter) : Polling.endOf(entry, waiter.bounds, now)
      if (exit !== undefined) leave(waiter, exit)
      else at = Math.min(at, waiter.isLate ? now : Polling.limitAt(entry, waiter.bounds))
    }
    if (isCurrent(entry)) schedule(entry, at)
  }

  const poll = Effect.fnUntraced(function* (group: ReadonlyArray<Entry>, from: number) {
    const observations = yield* Polling.look(context, group)
    const now = yield* Clock.currentTimeMillis
    const polled = new Set(group)
    // The look is over: what it leads to may be due at once.
    for (const entry of group) entry.poll = undefined
    // The page may show other runs of the sync that are waited for, at no cost.
    for (const entry of Array.from(bySync.get(group[0]?.sync ?? "") ?? [])) {
      const observation = observations.get(entry.ref.run)
      if (observation !== undefined && (polled.has(entry) || entry.poll === undefined))
        learn(entry, observation, from, now)
    }
  })

  const dispatch = (group: ReadonlyArray<Entry>, now: number) =>
    Effect.suspend(() => {
      const current: Poll = { entries: group, at: now, fiber: undefined }
      inFlight++
      for (const entry of group) entry.poll = current
      return poll(group, now).pipe(
        Effect.catchCause((cause) =>
          Effect.sync(() => {
            for (const entry of group) {
              if (Cause.hasInterruptsOnly(cause)) schedule(entry, 0)
              else finish(entry, Effect.failCause(cause))
            }
          }),
        ),
        Effect.ensuring(
          Effect.sync(() => {
            inFlight--
            for (const entry of group) if (entry.poll === current) entry.poll = undefined
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

  /**
   * Returns the due run that has waited longest for its turn, with the runs of its sync that are due, or nearly due.
   */
  const nextGroup = (now: number): ReadonlyArray<Entry> | undefined => {
    const first = ready.shift()
    if (first === undefined) return undefined
    const group = Array.from(bySync.get(first.sync) ?? []).filter(
      (entry) => entry === first || (entry.poll === undefined && entry.dueAt - now <= Polling.interval(entry, now) / 4),
    )
    return group
  }

  const isCurrent = (entry: Entry) => entries.get(entry.key) === entry

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
        if (ready[0] !== undefined && (!isCurrent(ready[0]) || ready[0].poll !== undefined)) {
          ready.shift()
          continue
        }
        const group = nextGroup(now)
        if (group !== undefined) yield* dispatch(group, now)
      }
      const next = Math.min(due.peek()?.due ?? Infinity, deadlines.peek()?.due ?? Infinity)
      const pause = Deferred.await(wake)
      yield* Number.isFinite(next) ? Effect.timeoutOption(pause, Math.max(1, next - now)) : pause
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

  const tooLate = ({ entry: { ref, run, trouble }, bounds }: Waiter): Polling.End => {
    const deadline = DateTime.makeUnsafe(bounds.deadline)
    const seen = { ...(run && { run }), ...(trouble && { trouble: trouble.error }) }
    return Effect.fail(new WaitDeadlineExceeded({ ref, ...seen, deadline }))
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
      if (isCurrent(entry)) remove(entry)
      const { poll } = entry
      const isWanted = poll?.entries.some(({ waiters }) => waiters.size > 0)
      if (poll?.fiber === undefined || isWanted) return Effect.void
      return Effect.forkIn(Fiber.interrupt(poll.fiber), context.scope)
    })

  const wait: Planner["wait"] = (ref, bounds, onChange) =>
    context.rateLimit.whileOpen(waitInPlan(ref, bounds, onChange))

  const waitInPlan: Planner["wait"] = (ref, bounds, onChange = () => {}) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const key = context.runKeyOf(ref)
      let entry = entries.get(key)
      if (entry === undefined) {
        entry = {
          ...Polling.watch(ref, now),
          key,
          sync: context.identityOf(ref.sync),
          waiters: new Set(),
          dueAt: now,
          poll: undefined,
        }
        entries.set(key, entry)
        const entriesOfSync = bySync.get(entry.sync) ?? new Set()
        bySync.set(entry.sync, entriesOfSync.add(entry))
        schedule(entry, now)
      }
      const waiter: Waiter = { bounds, isLate: false, onChange, done: Deferred.makeUnsafe(), entry }
      entry.waiters.add(waiter)
      if (entry.run !== undefined) onChange(entry.run)
      deadlines.push(bounds.deadline, waiter)
      const limitAt = Polling.limitAt(entry, bounds)
      if (entry.poll === undefined && limitAt < entry.dueAt) schedule(entry, Math.max(now, limitAt))
      return Effect.andThen(start, Deferred.await(waiter.done)).pipe(Effect.onInterrupt(() => onInterrupt(waiter)))
    })

  return { wait }
})
