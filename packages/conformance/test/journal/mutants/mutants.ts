/** Mutants of the journal in memory: each breaks one law. */
import type { Lease, Service, Version } from "@openretl/core/Journal"
import type { Draft } from "@openretl/core/JournalEntry"
import { JournalError, OtherHost } from "@openretl/core/JournalError"
import { Effect } from "effect"

export interface Mutant {
  /** The law that the mutant breaks. */
  readonly law: string
  /** Completes "a store that". */
  readonly behavior: string
  /** Returns the operations that the mutant has instead. */
  readonly change: (journal: Service) => Partial<Service>
}

const mutant = (law: string, behavior: string, change: Mutant["change"]): Mutant => ({ law, behavior, change })

/** Returns the revision that an entry has now. */
const current = (journal: Service, version: Version) =>
  Effect.map(journal.get(version.id), (record) =>
    record?._tag === "Stored" ? { id: version.id, revision: record.entry.revision } : version,
  )

const forever = "10000 days"

let copies = 0

/** Remembers the latest lease of each identity. */
const withLeases = (journal: Service) => {
  const leases = new Map<string, Lease>()
  const acquire: Service["acquire"] = (identity, owner, duration) =>
    Effect.tap(journal.acquire(identity, owner, duration), (result) =>
      Effect.sync(() => void (result._tag === "Acquired" && leases.set(identity, result.lease))),
    )
  return { acquire, latest: (lease: Lease): Lease => leases.get(lease.identity) ?? lease }
}

export const mutants: ReadonlyArray<Mutant> = [
  mutant("J1", "looks for the key, and claims it later", (journal) => ({
    claim: (request) =>
      Effect.gen(function* () {
        const { identity, key = "" } = request.draft
        const record = yield* journal.find(identity, key)
        yield* Effect.yieldNow
        if (record !== undefined || request.after !== undefined) return yield* journal.claim(request)
        const isFree = (yield* journal.find(identity, key)) === undefined
        return yield* journal.claim(
          isFree ? request : { ...request, draft: { ...request.draft, key: `${key} (${++copies})` } },
        )
      }),
  })),
  mutant("J1", "has one entry for a key, whatever the sync", (journal) => ({
    claim: (request) => journal.claim({ ...request, draft: { ...request.draft, identity: "one" } }),
  })),
  mutant("J1", "lets any revision be followed by a next attempt", (journal) => ({
    claim: (request) =>
      Effect.gen(function* () {
        const { after, draft } = request
        const latest = after && (yield* journal.find(draft.identity, draft.key ?? ""))
        if (latest?._tag !== "Stored") return yield* journal.claim(request)
        return yield* journal.claim({ ...request, after: latest.entry })
      }),
  })),
  mutant("J2", "marks beside an open entry", (journal) => ({
    mark: (request) =>
      Effect.gen(function* () {
        const result = yield* journal.mark(request)
        if (result._tag !== "Blocked" || result.by._tag !== "Stored") return result
        yield* journal.update(result.by.entry, { state: "refused" }, request.lease.owner)
        return yield* journal.mark(request)
      }),
  })),
  mutant("J2", "loses the fence of a mark", (journal) => ({
    mark: (request) => journal.mark({ ...request, fence: { runs: [], complete: false } }),
  })),
  mutant("J2", "marks whatever the revision", (journal) => ({
    mark: (request) =>
      Effect.gen(function* () {
        if ("kind" in request.entry) return yield* journal.mark(request)
        return yield* journal.mark({ ...request, entry: yield* current(journal, request.entry) })
      }),
  })),
  mutant("J2", "takes every entry that a mark names for a new one", (journal) => ({
    mark: (request) => {
      const { revision: _, ...entry }: Partial<Version> = request.entry
      return journal.mark("kind" in entry ? { ...request, entry: entry as Draft } : request)
    },
  })),
  mutant("J3", "changes whatever the revision", (journal) => ({
    update: (version, change, by) =>
      Effect.flatMap(current(journal, version), (latest) => journal.update(latest, change, by)),
  })),
  mutant("J3", "removes a claim that is alive", (journal) => ({
    remove: (version, by) =>
      Effect.flatMap(journal.get(version.id), (record) =>
        journal.remove(version, record?._tag === "Stored" ? record.entry.owner : by),
      ),
  })),
  mutant("J3", "forgets how a run was adopted", (journal) => ({
    update: (version, change, by) =>
      journal.update(
        version,
        change.state === "started" && "run" in change ? { state: "started", run: change.run } : change,
        by,
      ),
  })),
  mutant("J4", "ignores the number of a lease when it marks", (journal) => {
    const { acquire, latest } = withLeases(journal)
    return {
      acquire,
      mark: (request) =>
        journal.mark({ ...request, lease: { ...request.lease, number: latest(request.lease).number } }),
    }
  }),
  mutant("J4", "ignores the owner of a lease when it marks", (journal) => {
    const { acquire, latest } = withLeases(journal)
    return { acquire, mark: (request) => journal.mark({ ...request, lease: latest(request.lease) }) }
  }),
  mutant("J4", "takes a lease from a call that has it", (journal) => {
    const { acquire, latest } = withLeases(journal)
    return {
      acquire: (identity, owner, duration) =>
        Effect.gen(function* () {
          yield* journal.release(latest({ identity, owner, number: 0 }))
          return yield* acquire(identity, owner, duration)
        }),
    }
  }),
  mutant("J4", "keeps a lease that was given back", () => ({ release: () => Effect.void })),
  mutant("J5", "never lets a lease expire", (journal) => ({
    acquire: (identity, owner) => journal.acquire(identity, owner, forever),
  })),
  mutant("J5", "never lets a claim expire", (journal) => ({
    claim: (request) => journal.claim({ ...request, lease: forever }),
  })),
  mutant("J5", "renews a lease that has expired", (journal) => ({
    renew: (lease, duration) =>
      Effect.gen(function* () {
        if (yield* journal.renew(lease, duration)) return true
        return (yield* journal.acquire(lease.identity, lease.owner, duration))._tag === "Acquired"
      }),
  })),
  mutant("J5", "takes a renewal for done that it does not write", () => ({ renew: () => Effect.succeed(true) })),
  mutant("J5", "does not write the renewal of a claim", () => ({ renewClaim: () => Effect.succeed(true) })),
  mutant("J5", "takes over a claim that is alive", (journal) => ({
    takeOver: (version, request) =>
      Effect.gen(function* () {
        const record = yield* journal.get(version.id)
        if (record?._tag !== "Stored" || record.entry.state !== "claimed")
          return yield* journal.takeOver(version, request)
        yield* journal.remove(version, record.entry.owner)
        const claim = yield* journal.claim({ ...request, draft: record.entry })
        return claim._tag === "Claimed" ? claim : ({ _tag: "Changed", record: claim.record } as const)
      }),
  })),
  mutant("J7", "forgets entries whatever their age", (journal) => ({ forget: () => journal.forget(0) })),
  mutant("J7", "forgets all old entries at once", (journal) => ({
    forget: (age) =>
      Effect.gen(function* () {
        const first = yield* journal.forget(age)
        return first + (yield* journal.forget(age))
      }),
  })),
  mutant("J7", "forgets nothing", () => ({ forget: () => Effect.succeed(0) })),
  mutant("J8", "lists the oldest first", (journal) => ({
    list: (filter) => Effect.map(journal.list(filter), (page) => ({ ...page, entries: page.entries.toReversed() })),
  })),
  mutant("J8", "lists one page only", (journal) => ({
    list: (filter) => Effect.map(journal.list(filter), ({ entries, unreadable }) => ({ entries, unreadable })),
  })),
  mutant("J8", "lists the entries of all workspaces", (journal) => ({
    list: ({ workspace: _, ...filter }) => journal.list(filter),
  })),
  mutant("J8", "says that every owner is at work", (journal) => ({
    list: (filter) =>
      Effect.map(journal.list(filter), (page) => ({
        ...page,
        entries: page.entries.map((stored) => ({ ...stored, isOwnerAlive: true })),
      })),
  })),
  mutant("J11", "does not count starts", (journal) => ({
    mark: ({ starts: _, ...request }) => journal.mark(request),
  })),
  mutant("J11", "counts an entry that was put back", (journal) => ({
    update: (version, change, by) =>
      change.state === "claimed"
        ? journal.update(version, { state: "refused" }, by)
        : journal.update(version, change, by),
  })),
  mutant("J12", "refuses other hosts, although they can share it", (journal) => ({
    acquire: (identity, owner, duration) =>
      owner.host === "host-a"
        ? journal.acquire(identity, owner, duration)
        : Effect.fail(
            new JournalError({ store: "memory", operation: "acquire", reason: new OtherHost({ host: "host-a" }) }),
          ),
  })),
]
