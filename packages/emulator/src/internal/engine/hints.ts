/** Sends hints: watches the runs of all syncs, and says when one has started or ended. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import type { Change, Hint, Options } from "../../Hint.ts"
import type { Random } from "../../kit/Random.ts"
import type { Run, Sync } from "../../kit/Run.ts"
import { finishedAt } from "../../kit/RunState.ts"
import type { World } from "../../kit/World.ts"
import { drawerOf } from "../world/delay.ts"

/** What hints need of their emulator. */
export interface HintContext {
  readonly world: World
  readonly randomOf: (purpose: string) => Random
  readonly speed: number
  /** The emulated time at a time of the clock. */
  readonly emulatedTime: (clockMillis: number) => number
}

/** Returns the hints of all changes from the moment at which the stream runs. It never ends. */
export const hintsOf = (context: HintContext, options: Options): Stream.Stream<Hint> =>
  Stream.callback((queue) =>
    Effect.gen(function* () {
      const { world, speed, emulatedTime } = context
      const emulatedNow = Effect.map(Clock.currentTimeMillis, emulatedTime)
      const watch = makeWatch(world, yield* emulatedNow)
      const outbox = makeOutbox(context, options)
      const wake = Latch.makeUnsafe()
      yield* Effect.acquireRelease(
        Effect.sync(() => world.listen(() => wake.openUnsafe())),
        (stop) => Effect.sync(stop),
      )
      while (true) {
        wake.closeUnsafe()
        const now = yield* emulatedNow
        const { changes, next } = watch.advance(now)
        for (const change of changes) outbox.send(change)
        yield* Queue.offerAll(queue, outbox.arrivedBy(now))
        const wait = Math.min(next, outbox.nextAt()) - now
        const sleep =
          wait === Number.POSITIVE_INFINITY ? Effect.never : Effect.sleep(Math.max(1, Math.ceil(wait / speed)))
        yield* Effect.raceFirst(wake.await, sleep)
      }
    }),
  )

/** Sees the changes of runs. */
interface Watch {
  /** Advances all syncs. Returns the changes since the last time, oldest first, and when something happens next. */
  readonly advance: (now: number) => { readonly changes: ReadonlyArray<Hint>; readonly next: number }
}

/** The runs of a sync that a watch has seen. */
interface Watched {
  count: number
  /** The runs whose end the watch has not reported. */
  live: Array<{ readonly run: Run; hasStarted: boolean }>
}

/** Watches the changes from `since` on. */
const makeWatch = (world: World, since: number): Watch => {
  const watchedSyncs = new WeakMap<Sync, Watched>()

  const watchedOf = (sync: Sync): Watched => {
    const watched = watchedSyncs.get(sync) ?? { count: 0, live: [] }
    watchedSyncs.set(sync, watched)
    for (const run of sync.runs.slice(watched.count)) {
      if (finishedAt(run) >= since) watched.live.push({ run, hasStarted: run.startsAt < since })
    }
    watched.count = sync.runs.length
    return watched
  }

  const changesOf = (sync: Sync, now: number): ReadonlyArray<Hint> => {
    const changes: Array<Hint> = []
    const watched = watchedOf(sync)
    watched.live = watched.live.filter((entry) => {
      const { run, hasStarted } = entry
      const add = (change: Change, at: number) => changes.push({ sync: sync.ids, run: run.id, change, at })
      const finish = finishedAt(run)
      if (!hasStarted && run.startsAt <= Math.min(now, finish)) {
        entry.hasStarted = true
        add("started", run.startsAt)
      }
      if (finish <= now) add("ended", finish)
      return finish > now
    })
    return changes
  }

  return {
    advance: (now) => {
      const next = world.advanceAll(now)
      const changes = [...world.syncs.values()].flatMap((sync) => changesOf(sync, now))
      return { changes: changes.sort((one, other) => one.at - other.at), next }
    },
  }
}

/** The hints that are on their way. */
interface Outbox {
  /** Draws what becomes of a hint. */
  readonly send: (hint: Hint) => void
  /** Takes the hints that have arrived by `now`, in the order of their arrival. */
  readonly arrivedBy: (now: number) => ReadonlyArray<Hint>
  /** When the next hint arrives; `Infinity` for never. */
  readonly nextAt: () => number
}

const makeOutbox = ({ randomOf }: HintContext, options: Options): Outbox => {
  const { changes, loss = 0, doubling = 0, ordered = false } = options
  const drawDelay = drawerOf(options.delay ?? 0)
  const onWay: Array<{ readonly hint: Hint; readonly arrivesAt: number }> = []
  let latest = 0

  const add = (hint: Hint, delay: number) => {
    const arrivesAt = Math.max(hint.at + Math.round(delay), ordered ? latest : 0)
    latest = Math.max(latest, arrivesAt)
    let index = onWay.length
    while (index > 0 && (onWay[index - 1]?.arrivesAt ?? 0) > arrivesAt) index--
    onWay.splice(index, 0, { hint, arrivesAt })
  }

  return {
    send: (hint) => {
      if (changes?.includes(hint.change) === false) return
      const random = randomOf(`hint/${JSON.stringify(hint.sync)}/${hint.run}/${hint.change}`)
      const [isLost, isDoubled] = [random() < loss, random() < doubling]
      if (isLost) return
      add(hint, drawDelay(random))
      if (isDoubled) add(hint, drawDelay(random))
    },
    arrivedBy: (now) => {
      let count = 0
      while (count < onWay.length && (onWay[count]?.arrivesAt ?? 0) <= now) count++
      return onWay.splice(0, count).map(({ hint }) => hint)
    },
    nextAt: () => onWay[0]?.arrivesAt ?? Number.POSITIVE_INFINITY,
  }
}
