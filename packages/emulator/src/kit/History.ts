/** What reads show of configured syncs: each as it was at any instant, the deleted ones included. */
import type { Sync } from "./Run.ts"

/** A sync as reads show it from an instant on, until its next version. */
interface Version {
  readonly since: number
  /** A copy, which shares the runs with the sync itself. */
  readonly shown: Sync
}

interface Entry {
  readonly sync: Sync
  readonly versions: Array<Version>
  /** When the sync was deleted; `Infinity` while it exists. */
  until: number
}

/** The versions of all syncs of one account. */
export interface History {
  /** Notes a new sync, which reads show from `since` on. `key` finds it. */
  readonly begin: (key: string, sync: Sync, since: number) => void
  /** Notes a sync as it is now, and shows it so from `since` on. */
  readonly record: (sync: Sync, since: number) => void
  /** Shows a sync no longer from `until` on. */
  readonly end: (sync: Sync, until: number) => void
  /** Whether the sync exists at present. */
  readonly isCurrent: (sync: Sync) => boolean
  /** Returns the syncs as they were at `asOf`, in the order of their creation. */
  readonly at: (asOf: number) => ReadonlyArray<Sync>
  /** Returns the sync with this key as it was at `asOf`. */
  readonly find: (key: string, asOf: number) => Sync | undefined
  /** Returns the sync that was deleted last among those that match. */
  readonly lastDeleted: (matches: (sync: Sync) => boolean) => Sync | undefined
}

/** Makes the history of one account. The engine calls it. */
export const makeHistory = (): History => {
  const entries: Array<Entry> = []
  const entriesByKey = new Map<string, Array<Entry>>()
  const entryOf = new Map<Sync, Entry>()
  return {
    begin: (key, sync, since) => {
      const entry: Entry = {
        sync,
        versions: [{ since, shown: { ...sync } }],
        until: Number.POSITIVE_INFINITY,
      }
      entries.push(entry)
      entryOf.set(sync, entry)
      entriesByKey.set(key, [...(entriesByKey.get(key) ?? []), entry])
    },
    record: (sync, since) => {
      entryOf.get(sync)?.versions.push({ since, shown: { ...sync } })
    },
    end: (sync, until) => {
      const entry = entryOf.get(sync)
      if (entry !== undefined) entry.until = until
    },
    isCurrent: (sync) => entryOf.get(sync)?.until === Number.POSITIVE_INFINITY,
    at: (asOf) => entries.flatMap((entry) => versionAt(entry, asOf) ?? []),
    find: (key, asOf) => {
      for (const entry of entriesByKey.get(key) ?? []) {
        const shown = versionAt(entry, asOf)
        if (shown !== undefined) return shown
      }
      return undefined
    },
    lastDeleted: (matches) =>
      entries.reduce<Entry | undefined>(
        (last, entry) =>
          entry.until !== Number.POSITIVE_INFINITY && entry.until >= (last?.until ?? 0) && matches(entry.sync)
            ? entry
            : last,
        undefined,
      )?.sync,
  }
}

const versionAt = ({ versions, until }: Entry, asOf: number): Sync | undefined =>
  until <= asOf ? undefined : versions.findLast(({ since }) => since <= asOf)?.shown
