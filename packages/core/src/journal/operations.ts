/** What each operation of a journal does with the tables of a store, within one transaction. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { DurationInput } from "../model/DurationInput.ts"
import type { FieldIssue } from "../model/FieldIssue.ts"
import {
  type Draft,
  Identity,
  isConcluded,
  isOpen,
  type JournalEntry,
  Owner,
  pendingStates,
} from "../model/JournalEntry.ts"
import { InvalidEntry, type JournalReason, OtherHost } from "../model/JournalError.ts"
import * as Steps from "./JournalSteps.ts"
import type {
  Change,
  Changed,
  ClaimRequest,
  Filter,
  JournalRecord,
  Lease,
  Listed,
  MarkRequest,
  MarkResult,
  StartLimit,
  Stored,
  TakeOverRequest,
  Unreadable,
  Version,
} from "./port.ts"
import type { EntryRow, LeaseRow, ReadRow, Tables } from "./tables.ts"

/** Claims a key. */
export const claim = Effect.fnUntraced(function* (tables: Tables, { draft, owner, lease, after }: ClaimRequest) {
  const length = yield* millis("lease", lease)
  const { id, identity, key } = draft
  if (key === undefined) return yield* invalid("Expected an entry with a key", "key")
  yield* requireSameHost(tables, owner)
  // Another transaction may add or remove an attempt in between, where the store locks rows only.
  for (let tries = 0; tries < 3; tries++) {
    const last = yield* tables.latest(identity, key)
    const now = yield* tables.now
    if (last !== undefined) {
      if (!isRow(last) || !isVersion(last, after)) return { _tag: "Exists", record: recordOf(last, now) } as const
      if (!isConcluded(last.entry)) return yield* invalid("Expected an entry that is concluded", "after")
    }
    const attempt = last === undefined ? 1 : last.entry.attempt + 1
    const entry = yield* step(Steps.claimed(draft, owner, attempt, DateTime.makeUnsafe(now)))
    const row = rowOf(entry, now, { claimUntil: now + length })
    if (yield* tables.insert(row)) return { _tag: "Claimed", stored: stored(row, now) } as const
    if ((yield* tables.entry(id)) !== undefined) return yield* invalid("Expected an id that no entry has", "id")
  }
  return yield* invalid("Expected a key whose attempts can be read", "key")
})

/** Makes the call the owner of a claimed entry whose claim has expired. */
export const takeOver = Effect.fnUntraced(function* (tables: Tables, version: Version, request: TakeOverRequest) {
  const length = yield* millis("lease", request.lease)
  yield* requireSameHost(tables, request.owner)
  const row = yield* tables.entry(version.id)
  const now = yield* tables.now
  if (!isRow(row) || !isVersion(row, version) || row.entry.state !== "claimed" || row.claimUntil > now) {
    return changed(row, now)
  }
  const entry = yield* step(Steps.takenOver(row.entry, request, DateTime.makeUnsafe(now)))
  const taken = rowOf(entry, now, { claimUntil: now + length })
  yield* tables.replace(taken)
  return { _tag: "Claimed", stored: stored(taken, now) } as const
})

/** Prolongs a claim. */
export const renewClaim = Effect.fnUntraced(function* (
  tables: Tables,
  id: string,
  owner: Owner,
  lease: Duration.Input,
) {
  const length = yield* millis("lease", lease)
  const row = yield* tables.entry(id)
  const now = yield* tables.now
  if (!isRow(row) || row.entry.state !== "claimed" || row.claimUntil <= now) return false
  if (row.entry.owner.call !== owner.call) return false
  return yield* tables.replace({ ...row, claimUntil: now + length, touchedAt: now })
})

/** Takes the lease on an identity. */
export const acquire = Effect.fnUntraced(function* (
  tables: Tables,
  identity: string,
  owner: Owner,
  duration: Duration.Input,
) {
  const length = yield* millis("lease", duration)
  if (!isOwner(owner)) return yield* invalid("Expected an owner: host, process id and call", "owner")
  if (!isIdentity(identity)) return yield* invalid("Expected an identity of 1 to 8192 characters", "identity")
  yield* requireSameHost(tables, owner)
  const row = yield* tables.lease(identity)
  const now = yield* tables.now
  if (row.owner !== undefined && row.owner.call !== owner.call && row.until > now) {
    return { _tag: "Occupied", owner: row.owner, freeIn: Duration.millis(row.until - now) } as const
  }
  const number = row.number + 1
  yield* tables.putLease(identity, { number, owner, until: now + length })
  return { _tag: "Acquired", lease: { identity, owner, number } } as const
})

/** Prolongs a lease. */
export const renew = Effect.fnUntraced(function* (tables: Tables, lease: Lease, duration: Duration.Input) {
  const length = yield* millis("lease", duration)
  const row = yield* tables.lease(lease.identity)
  const now = yield* tables.now
  if (!isLeaseOf(row, lease, now)) return false
  yield* tables.putLease(lease.identity, { ...row, until: now + length })
  return true
})

/** Gives a lease back. */
export const release = Effect.fnUntraced(function* (tables: Tables, lease: Lease) {
  const row = yield* tables.lease(lease.identity)
  if (isLeaseOf(row, lease, yield* tables.now)) {
    yield* tables.putLease(lease.identity, { number: row.number, until: 0 })
  }
})

/** Writes that a request is about to be sent. */
export const mark = Effect.fnUntraced(function* (
  tables: Tables,
  request: MarkRequest,
): Effect.fn.Return<MarkResult, JournalReason> {
  const { entry: target, lease } = request
  // Every mark locks in this order: lease, entry, starts.
  const leaseRow = yield* tables.lease(lease.identity)
  const row = isDraft(target) ? undefined : yield* tables.entry(target.id)
  const wait = yield* waitForStart(tables, isDraft(target) ? target : row, request.starts ?? [])
  const now = yield* tables.now
  if (!isLeaseOf(leaseRow, lease, now)) return { _tag: "LeaseLost" }
  const unreadable = yield* tables.unreadable(lease.identity)
  if (unreadable !== undefined) return { _tag: "Blocked", by: unreadable }
  const at = DateTime.makeUnsafe(now)
  if (isDraft(target)) {
    if (target.identity !== lease.identity) return yield* invalid("Expected the identity of the lease", "identity")
    const sent = yield* step(Steps.sentAtOnce(target, lease.owner, request, at))
    const freeIn = wait(now)
    if (freeIn > 0) return { _tag: "TooManyStarts", freeIn: Duration.millis(freeIn) }
    return yield* marked(tables, sent, leaseRow, now, tables.insert)
  }
  if (!isRow(row) || !isVersion(row, target) || row.entry.state !== "claimed") return changed(row, now)
  if (row.entry.owner.call !== lease.owner.call || row.entry.identity !== lease.identity) return changed(row, now)
  const sent = yield* step(Steps.sent(row.entry, request, at))
  const freeIn = wait(now)
  if (freeIn > 0) return { _tag: "TooManyStarts", freeIn: Duration.millis(freeIn) }
  return yield* marked(tables, sent, leaseRow, now, tables.replace)
})

const marked = Effect.fnUntraced(function* (
  tables: Tables,
  entry: JournalEntry,
  leaseRow: LeaseRow,
  now: number,
  put: Tables["insert"],
): Effect.fn.Return<MarkResult, JournalReason> {
  const requestUntil = entry.state === "sent" ? now + Duration.toMillis(entry.request.writeTimeout) : now
  const row = { ...rowOf(entry, now, { requestUntil }), leaseRow }
  if (yield* put(row)) return { _tag: "Marked", stored: stored(row, now) }
  const open = yield* tables.open(entry.identity)
  if (open === undefined) return yield* invalid("Expected an id that no entry has", "id")
  return { _tag: "Blocked", by: recordOf(open, now) }
})

/** Returns how long the workspace has to wait for its next start, in milliseconds, at a time. */
const waitForStart = Effect.fnUntraced(function* (
  tables: Tables,
  target: Draft | ReadRow | Unreadable | undefined,
  limits: ReadonlyArray<StartLimit>,
) {
  const valid = yield* Effect.forEach(limits, ({ atMost, within }) =>
    Number.isSafeInteger(atMost) && atMost > 0
      ? Effect.map(millis("starts.within", within), (window) => ({ atMost, window }))
      : invalid("Expected a whole number from 1", "starts.atMost"),
  )
  const group = target === undefined || "_tag" in target ? (isRow(target) ? target.entry : undefined) : target
  const atMost = Math.max(0, ...valid.map((limit) => limit.atMost))
  const ends = group === undefined || atMost === 0 ? [] : yield* tables.starts(group, atMost)
  return (now: number): number =>
    Math.max(0, ...valid.map((limit) => (ends[limit.atMost - 1] ?? -Infinity) + limit.window - now))
})

/** Writes what became of an entry. */
export const update = Effect.fnUntraced(function* (tables: Tables, version: Version, change: Change, by: Owner) {
  const length = change.state === "claimed" ? yield* millis("lease", change.lease) : undefined
  const row = yield* tables.entry(version.id)
  const now = yield* tables.now
  if (!isRow(row) || !isVersion(row, version)) return changed(row, now)
  const entry = yield* step(Steps.changed(row.entry, change, by, DateTime.makeUnsafe(now)))
  const requestUntil = change.state === "claimed" ? undefined : endOfRequest(row, now)
  const updated = {
    ...rowOf(entry, now, {
      ...(length !== undefined && { claimUntil: now + length }),
      ...(requestUntil !== undefined && { requestUntil }),
    }),
    ...(row.leaseRow && { leaseRow: row.leaseRow }),
  }
  yield* tables.replace(updated)
  return { _tag: "Updated", stored: stored(updated, now) } as const
})

/** The request of a `sent` entry ends when its state changes. */
const endOfRequest = ({ entry, requestUntil }: ReadRow, now: number): number | undefined =>
  entry.state === "sent" && requestUntil !== undefined ? Math.min(now, requestUntil) : requestUntil

/** Removes an entry that provably sent nothing. */
export const remove = Effect.fnUntraced(function* (tables: Tables, version: Version, by: Owner) {
  const row = yield* tables.entry(version.id)
  const now = yield* tables.now
  if (!isRow(row) || !isVersion(row, version)) return changed(row, now)
  const isRemovable = yield* step(Steps.removable(row.entry, by, row.claimUntil > now))
  if (!isRemovable) return changed(row, now)
  yield* tables.remove(version.id)
  return { _tag: "Removed" } as const
})

/** Returns the entry with an id. */
export const get = Effect.fnUntraced(function* (tables: Tables, id: string) {
  const record = yield* tables.entry(id)
  return record && recordOf(record, yield* tables.now)
})

/** Returns the entry of a key's latest attempt. */
export const find = Effect.fnUntraced(function* (tables: Tables, identity: string, key: string) {
  const record = yield* tables.latest(identity, key)
  return record && recordOf(record, yield* tables.now)
})

/** Lists entries. */
export const list = Effect.fnUntraced(function* (
  tables: Tables,
  { states = pendingStates, limit = 100, ...filter }: Filter,
): Effect.fn.Return<Listed, JournalReason> {
  const page = yield* tables.list({ ...filter, states, limit: Math.min(Math.max(Math.trunc(limit) || 1, 1), 1_000) })
  const now = yield* tables.now
  return {
    entries: page.records.filter(isRow).map((row) => stored(row, now)),
    unreadable: page.records.filter((record) => !isRow(record)),
    ...(page.next !== undefined && { next: page.next }),
  }
})

/** How many entries one call to `forget` removes at most. */
const forgetAtMost = 100

/** Forgets old entries. */
export const forget = Effect.fnUntraced(function* (tables: Tables, age: Duration.Input) {
  const length = yield* millis("age", age)
  const now = yield* tables.now
  return yield* tables.forget(now - length, now, forgetAtMost)
})

const isRow = (record: ReadRow | Unreadable | undefined): record is ReadRow => record?._tag === "EntryRow"

/** An entry of the store is a version, too: only a draft has no revision. */
const isDraft = (target: Version | Draft): target is Draft => !("revision" in target)

const isVersion = ({ entry }: ReadRow, version: Version | undefined): boolean =>
  entry.id === version?.id && entry.revision === version.revision

const isLeaseOf = (row: LeaseRow, lease: Lease, now: number): boolean =>
  row.owner?.call === lease.owner.call && row.number === lease.number && row.until > now

const rowOf = (
  entry: JournalEntry,
  now: number,
  { claimUntil = 0, requestUntil }: { readonly claimUntil?: number; readonly requestUntil?: number },
): EntryRow => ({
  _tag: "EntryRow",
  entry,
  claimUntil,
  touchedAt: now,
  ...(requestUntil !== undefined && { requestUntil }),
})

const stored = ({ entry, claimUntil, leaseRow }: ReadRow, now: number): Stored => {
  const hasLease = leaseRow?.owner?.call === entry.owner.call && leaseRow.until > now
  return {
    _tag: "Stored",
    entry,
    readAt: DateTime.makeUnsafe(now),
    isOwnerAlive: entry.state === "claimed" ? claimUntil > now : isOpen(entry) && hasLease,
  }
}

const recordOf = (record: ReadRow | Unreadable, now: number): JournalRecord =>
  isRow(record) ? stored(record, now) : record

const changed = (record: ReadRow | Unreadable | undefined, now: number): Changed =>
  record === undefined ? { _tag: "Changed" } : { _tag: "Changed", record: recordOf(record, now) }

const step = <A>(result: Result.Result<A, ReadonlyArray<FieldIssue>>): Effect.Effect<A, JournalReason> =>
  Effect.mapError(Effect.fromResult(result), (issues) => new InvalidEntry({ issues }))

const invalid = (message: string, path: string): Effect.Effect<never, JournalReason> =>
  Effect.fail(new InvalidEntry({ issues: [{ path: path.split("."), message }] }))

const isDuration = /* @__PURE__ */ Schema.is(DurationInput)

const isOwner = /* @__PURE__ */ Schema.is(Owner)

const isIdentity = /* @__PURE__ */ Schema.is(Identity)

/** Returns whole milliseconds, rounded up. */
const millis = (name: string, input: Duration.Input): Effect.Effect<number, JournalReason> =>
  isDuration(input)
    ? Effect.succeed(Math.ceil(Duration.toMillis(Duration.fromInputUnsafe(input))))
    : invalid('Expected a finite duration, as in "30 seconds"', name)

/** A store that one host can use refuses the calls of another while a lease or a claim is alive. */
const requireSameHost = Effect.fnUntraced(function* (tables: Tables, { host }: Owner) {
  if (tables.otherHost === undefined) return
  const other = yield* tables.otherHost(host, yield* tables.now)
  if (other !== undefined) return yield* Effect.fail(new OtherHost({ host: other }))
})
