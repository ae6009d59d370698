/**
 * One planner per workspace waits for all of its runs.
 *
 * It is a single fiber in the workspace's scope, started with the first wait and ended with the last: a child of the
 * first waiter would die with it. Runs are polled when they are due, several runs of one sync by one listing, and only
 * so many requests are out at once; the syncs take turns. Whatever goes wrong in here reaches the waiters.
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

/** Polls that may be out at once. */
const maxInFlight = 16

interface Waiter {
  /** Epoch milliseconds. */
  readonly deadline: number
  readonly onChange: (run: Run) => void
  readonly done: Deferred.Deferred<Run, RetlError | WaitDeadlineExceeded>
  readonly entry: Entry
}

interface Entry extends Polling.Watched {
  readonly key: string
  readonly sync: string
  readonly waiters: Set<Waiter>
  dueAt: number
  poll: Poll | undefined
}

/** One poll that is out, and the runs it is for. */
interface Poll {
  readonly entries: ReadonlyArray<Entry>
  fiber: Fiber.Fiber<unknown> | undefined
}

export interface Planner {
  /**
   * The run at its end. `onChange` hears of every change on the way, the first sight and the end among them. The
   * deadline is in epoch milliseconds. When the last waiter of a run leaves, so do its requests.
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

  /** Deadlines of waits that are over would be kept for a day: they go when they are the greater part. */
  let over = 0
  const forget = (waiters: number) => {
    over += waiters
    if (over < 100 || over < deadlines.size() / 2) return
    over = 0
    deadlines.retain((waiter) => waiter.entry.waiters.has(waiter))
  }

  const remove = (entry: Entry) => {
    entries.delete(entry.key)
    const listCandidates = bySync.get(entry.sync)
    listCandidates?.delete(entry)
    if (listCandidates?.size === 0) bySync.delete(entry.sync)
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

  /** Takes what one look has told about a run. */
  const learn = (entry: Entry, observation: Polling.Observation, now: number) => {
    if (entries.get(entry.key) !== entry) return
    const step = Polling.next(entry, observation, now)
    if (step.changed !== undefined) for (const { onChange } of entry.waiters) onChange(step.changed)
    if (step._tag === "End") finish(entry, step.exit)
    else schedule(entry, step.at)
  }

  const poll = Effect.fnUntraced(function* (group: ReadonlyArray<Entry>) {
    const looks = yield* Polling.look(context, group)
    const now = yield* Clock.currentTimeMillis
    const looked = new Set(group)
    // What a page tells of other runs of this sync that are waited for is free.
    for (const entry of Array.from(bySync.get(group[0]?.sync ?? "") ?? [])) {
      const observation = looks.get(entry.ref.run)
      if (observation !== undefined && (looked.has(entry) || entry.poll === undefined)) learn(entry, observation, now)
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

  /** The due run that has waited longest for a turn, with the others of its sync that are due by now or nearly so. */
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
      // When the clock is set back, nobody waits for it to come round again: everyone is looked at.
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

  const leave = (waiter: Waiter) =>
    Effect.suspend(() => {
      const { entry } = waiter
      if (entry.waiters.delete(waiter)) forget(1)
      if (entry.waiters.size > 0) return Effect.void
      if (isCurrent(entry)) remove(entry)
      const out = entry.poll
      const isWanted = out?.entries.some(({ waiters }) => waiters.size > 0)
      if (out?.fiber === undefined || isWanted) return Effect.void
      return Effect.forkIn(Fiber.interrupt(out.fiber), context.scope)
    })

  const wait: Planner["wait"] = (ref, deadline, onChange = () => {}) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const key = context.runKeyOf(ref)
      let entry = entries.get(key)
      if (entry === undefined) {
        entry = {
          ...Polling.watched(ref, now),
          key,
          sync: context.identityOf(ref.sync),
          waiters: new Set(),
          dueAt: now,
          poll: undefined,
        }
        entries.set(key, entry)
        const listCandidates = bySync.get(entry.sync) ?? new Set()
        bySync.set(entry.sync, listCandidates.add(entry))
        schedule(entry, now)
      }
      const waiter: Waiter = { deadline, onChange, done: Deferred.makeUnsafe(), entry }
      entry.waiters.add(waiter)
      if (entry.run !== undefined) onChange(entry.run)
      deadlines.push(deadline, waiter)
      return Effect.andThen(start, Deferred.await(waiter.done)).pipe(Effect.onInterrupt(() => leave(waiter)))
    })

  return { wait }
})
