/** A journal in memory, on Effect's `Clock`. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { isOpen, type JournalEntry } from "../model/JournalEntry.ts"
import * as Steps from "./JournalSteps.ts"
import * as JournalTables from "./JournalTables.ts"
import type { Service } from "./port.ts"
import type { EntryRow, LeaseRow, Query, ReadRow, StartGroup, Tables } from "./tables.ts"

let stores = 0

/** Creates a journal in memory. */
export const make = (): Service => {
  const tables = makeTables()
  // One write at a time, also where Effect lets another fiber go on in between. Reads look once.
  const oneAtATime = Semaphore.makeUnsafe(1).withPermits(1)
  return JournalTables.make({
    id: `memory-${++stores}`,
    name: "memory",
    write: (program) => oneAtATime(program(tables)),
    read: (program) => program(tables),
  })
}

interface MemoryRow extends EntryRow {
  /** Grows with each new entry. */
  readonly position: number
}

const makeTables = (): Tables => {
  /** In the order of their creation. */
  const entries = new Map<string, MemoryRow>()
  const byIdentity = new Map<string, Map<string, MemoryRow>>()
  const leases = new Map<string, LeaseRow>()
  let positions = 0

  const put = (row: EntryRow, position: number): void => {
    const { id, identity } = row.entry
    const placed = { ...row, position }
    entries.set(id, placed)
    const same = byIdentity.get(identity) ?? new Map<string, MemoryRow>()
    byIdentity.set(identity, same.set(id, placed))
  }
  const remove = (id: string): void => {
    const identity = entries.get(id)?.entry.identity
    if (identity === undefined) return
    entries.delete(id)
    byIdentity.get(identity)?.delete(id)
  }
  const withLease = (row: EntryRow): ReadRow => {
    const leaseRow = leases.get(row.entry.identity)
    return leaseRow === undefined ? row : { ...row, leaseRow }
  }
  const newest = (identity: string, predicate: (entry: JournalEntry) => boolean): ReadRow | undefined => {
    const row = [...(byIdentity.get(identity)?.values() ?? [])].findLast(({ entry }) => predicate(entry))
    return row && withLease(row)
  }
  const hasOtherOpen = ({ entry }: EntryRow): boolean =>
    isOpen(entry) && newest(entry.identity, (other) => isOpen(other) && other.id !== entry.id) !== undefined
  const isTaken = ({ entry: { id, identity, key, attempt } }: EntryRow): boolean =>
    entries.has(id) ||
    (key !== undefined && newest(identity, (other) => other.key === key && other.attempt === attempt) !== undefined)

  return {
    now: Clock.currentTimeMillis,
    lease: (identity) => Effect.sync(() => leases.get(identity) ?? { number: 0, until: 0 }),
    putLease: (identity, row) => Effect.sync(() => void leases.set(identity, row)),
    entry: (id) =>
      Effect.sync(() => {
        const row = entries.get(id)
        return row && withLease(row)
      }),
    // Attempts of a key follow each other, so that the newest is the latest.
    latest: (identity, key) => Effect.sync(() => newest(identity, (entry) => entry.key === key)),
    open: (identity) => Effect.sync(() => newest(identity, isOpen)),
    unreadable: () => Effect.undefined,
    insert: (row) =>
      Effect.sync(() => {
        if (isTaken(row) || hasOtherOpen(row)) return false
        put(row, ++positions)
        return true
      }),
    replace: (row) =>
      Effect.sync(() => {
        const existing = entries.get(row.entry.id)
        if (existing === undefined || hasOtherOpen(row)) return false
        put(row, existing.position)
        return true
      }),
    remove: (id) => Effect.sync(() => remove(id)),
    starts: (group, atMost) => Effect.sync(() => starts([...entries.values()], group, atMost)),
    list: (query) =>
      Effect.sync(() => {
        const rows = query.identity === undefined ? entries.values() : (byIdentity.get(query.identity)?.values() ?? [])
        return page([...rows].reverse(), query, withLease)
      }),
    forget: (before, now, atMost) =>
      Effect.sync(() => {
        const old = oldest(entries.values(), before, now, atMost)
        for (const id of old) remove(id)
        return old.length
      }),
  }
}

const starts = (rows: ReadonlyArray<EntryRow>, { vendor, baseUrl, workspace }: StartGroup, atMost: number) =>
  rows
    .filter(({ entry }) => entry.vendor === vendor && entry.baseUrl === baseUrl && entry.workspace === workspace)
    .flatMap(({ requestUntil }) => requestUntil ?? [])
    .sort((one, other) => other - one)
    .slice(0, atMost)

const page = (newestFirst: ReadonlyArray<MemoryRow>, query: Query, withLease: (row: EntryRow) => ReadRow) => {
  const { workspace, identity, key, states, limit, after } = query
  const rows = newestFirst.filter(
    ({ entry, position }) =>
      states.includes(entry.state) &&
      (workspace === undefined || entry.workspace === workspace) &&
      (identity === undefined || entry.identity === identity) &&
      (key === undefined || entry.key === key) &&
      (after === undefined || position < Number(after)),
  )
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return { records: rows.slice(0, limit).map(withLease), ...(last && { next: String(last.position) }) }
}

/** Returns the ids of entries to forget. They are in the order of creation, and none ended before it was created. */
const oldest = (rows: Iterable<EntryRow>, before: number, now: number, atMost: number): ReadonlyArray<string> => {
  const ids: Array<string> = []
  for (const row of rows) {
    if (ids.length === atMost || row.entry.createdAt.epochMilliseconds > before) break
    if (isOld(row, before, now)) ids.push(row.entry.id)
  }
  return ids
}

const isOld = ({ entry, claimUntil, touchedAt }: EntryRow, before: number, now: number): boolean => {
  if (entry.state === "claimed") return claimUntil <= now && touchedAt <= before
  const from = Steps.forgottenFrom(entry)
  return from !== undefined && from.epochMilliseconds <= before
}
