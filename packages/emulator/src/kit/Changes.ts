/** When accepted changes of configuration take effect: at once, or later. */
import type { History } from "./History.ts"
import type { Sync } from "./Run.ts"

/** The changes of configured syncs that the vendor accepts. */
export interface Changes {
  /**
   * Carries an accepted change out at once, or leaves it until it takes effect. Changes of one `subject` take effect in their
   * order. Returns what the answer shows: what `commit` returns, or else what `preview` returns.
   */
  readonly accept: <A>(subject: object, now: number, commit: (at: number) => A, preview: () => A) => A
  /**
   * Accepts an update of a sync, and returns the sync as the answer shows it. `apply` changes the sync that it is called with;
   * it is called with a copy, too. An update whose sync is gone when it would take effect changes nothing.
   */
  readonly update: (sync: Sync, now: number, apply: (sync: Sync, at: number) => void) => Sync
  /** Accepts a new sync. It comes to nothing where `isPossible` returns false when it would take effect. */
  readonly create: (key: string, sync: Sync, now: number, isPossible?: () => boolean) => void
  /** Accepts that a sync is deleted. */
  readonly remove: (key: string, sync: Sync, now: number) => void
}

/** Makes the changes of one account. The engine calls it. */
export const makeChanges = (options: {
  readonly history: History
  /** Draws how long a change takes, in milliseconds. */
  readonly draw: () => number
  readonly addJob: (at: number, run: () => void) => void
  readonly advance: (sync: Sync, now: number) => void
  readonly add: (key: string, sync: Sync, since: number) => void
  readonly remove: (key: string, now: number) => void
}): Changes => {
  const { history, draw, addJob, advance, add, remove } = options
  /** When the last change of a subject takes effect. */
  const latest = new WeakMap<object, number>()
  const accept: Changes["accept"] = (subject, now, commit, preview) => {
    const at = Math.max(now + Math.round(draw()), latest.get(subject) ?? now)
    if (at <= now) return commit(now)
    latest.set(subject, at)
    addJob(at, () => commit(at))
    return preview()
  }
  return {
    accept,
    update: (sync, now, apply) =>
      accept(
        sync,
        now,
        (at) => {
          if (!history.isCurrent(sync)) return sync
          advance(sync, at)
          apply(sync, at)
          history.record(sync, at)
          return sync
        },
        () => {
          const copy = { ...sync }
          apply(copy, now)
          return copy
        },
      ),
    create: (key, sync, now, isPossible = () => true) => {
      const commit = (at: number) => {
        if (!isPossible()) return
        sync.nextFire = sync.timing.next(at - 1)
        add(key, sync, at)
      }
      accept(sync, now, commit, () => undefined)
    },
    remove: (key, sync, now) => {
      const commit = (at: number) => {
        if (history.isCurrent(sync)) remove(key, at)
      }
      accept(sync, now, commit, () => undefined)
    },
  }
}
