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
import { WaitDeadlineExceeded } from "../../model/Wait.ts"
import type { WorkspaceContext } from "../context.ts"
import * as DueHeap from "./dueHeap.ts"
import * as Polling from "./polling.ts"

/** The most polls that are under way at once. */
const maxInFlight = 16

/** A caller who waits for a run. */
interface Waiter {
  /** Epoch milliseconds. */
  readonly deadline: number
  readonly onChange: (run: Run) => void
  readonly done: Deferred.Deferred<Run, RetlError | WaitDeadlineExceeded>
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
  fiber: Fiber.Fiber<unknown> | undefined
}

/** The waits of one workspace. */
export interface Planner {
  /**
   * Waits for a run to end, and returns it. The deadline is in epoch milliseconds: then it fails with
   * `WaitDeadlineExceeded`. Calls `onChange` with the run as it is first seen, at every change, and at its end. An
   * interrupt of the last waiter of a run interrupts its requests.
   */
  readonly wait: (
    ref: RunRef,
    deadline: number,
    onChange?: (run: Run) => void,
  ) => Effect.Effect<Run, RetlError | WaitDeadlineExceeded>
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

  /** Applies what one poll has shown of a run. */
  const learn = (entry: Entry, observation: Polling.Observation, now: number) => {
    if (entries.get(entry.key) !== entry) return
    const step = Polling.next(entry, observation, now)
    if (step.changed !== undefined) for (const { onChange } of entry.waiters) onChange(step.changed)
    if (step._tag === "End") finish(entry, step.exit)
    else schedule(entry, step.at)
  }

  const poll = Effect.fnUntraced(function* (group: ReadonlyArray<Entry>) {
    const observations = yield* Polling.look(context, group)
    const now = yield* Clock.currentTimeMillis
    const polled = new Set(group)
    // The page may show other runs of the sync that are waited for, at no cost.
    for (const entry of Array.from(bySync.get(group[0]?.sync ?? "") ?? [])) {
      const observation = observations.get(entry.ref.run)
      if (observation !== undefined && (polled.has(entry) || entry.poll === undefined)) learn(entry, observation, now)
    }
  })

  const dispatch = (group: ReadonlyArray<Entry>) =>
    Effect.suspend(() => {
      const current: Poll = { entries: group, fiber: undefined }
      inFlight++
      for (const entry of group) entry.poll = current
      return poll(group).pipe(
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
        expire(top.value)
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
        if (group !== undefined) yield* dispatch(group)
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

  const expire = (waiter: Waiter) => {
    const { entry } = waiter
    if (!entry.waiters.delete(waiter)) return
    Deferred.doneUnsafe(
      waiter.done,
      Effect.fail(
        new WaitDeadlineExceeded({
          ref: entry.ref,
          ...(entry.run && { run: entry.run }),
          deadline: DateTime.makeUnsafe(waiter.deadline),
        }),
      ),
    )
    if (entry.waiters.size === 0) remove(entry)
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

  const wait: Planner["wait"] = (ref, deadline, onChange) =>
    context.rateLimit.whileOpen(waitInPlan(ref, deadline, onChange))

  const waitInPlan: Planner["wait"] = (ref, deadline, onChange = () => {}) =>
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
      const waiter: Waiter = { deadline, onChange, done: Deferred.makeUnsafe(), entry }
      entry.waiters.add(waiter)
      if (entry.run !== undefined) onChange(entry.run)
      deadlines.push(deadline, waiter)
      return Effect.andThen(start, Deferred.await(waiter.done)).pipe(Effect.onInterrupt(() => onInterrupt(waiter)))
    })

  return { wait }
})
