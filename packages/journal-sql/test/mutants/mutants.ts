/** Mutants of the stores: each breaks one law, in the statements that reach the database. */
import type { Lease, Service } from "@openretl/core/Journal"
import { Effect } from "effect"
import type { Database } from "../../src/internal/sql.ts"
import { rewriting } from "../support/wrap.ts"

export interface Mutant {
  /** The law that the mutant breaks. */
  readonly law: string
  /** A part of the title of the case that notices it. */
  readonly breaks: string
  /** Completes "a store that". */
  readonly behavior: string
  /** The stores that it is a mutant of; elsewhere it changes nothing. */
  readonly stores: ReadonlyArray<"SQLite" | "PostgreSQL">
  readonly wrap: (database: Database) => Database
  /** Returns the operations that the mutant has instead. @default none */
  readonly change?: (journal: Service) => Partial<Service>
}

const both = ["SQLite", "PostgreSQL"] as const

const unchanged = (database: Database): Database => database

/** Replaces parts of statements. A pattern that no statement has is a mistake in the mutant, which a test finds. */
const replacing = (...pairs: ReadonlyArray<readonly [pattern: RegExp, by: string]>) =>
  rewriting((text) => pairs.reduce((rewritten, [pattern, by]) => rewritten.replace(pattern, by), text))

/** Waits after a statement, so that another process is sure to come in between. */
const slow =
  (pattern: RegExp) =>
  ({ query, transaction }: Database): Database => ({
    transaction,
    query: (text, ...parameters) => {
      const rows = query(text, ...parameters)
      return pattern.test(text) ? Effect.tap(rows, Effect.sleep(20)) : rows
    },
  })

/** Once the store is open, others run between two statements of what should be a transaction. */
const withoutTransactions = ({ query, transaction }: Database): Database => {
  let isOpen = false
  return {
    query: (text, ...parameters) => {
      // What opening ends with.
      if (text.startsWith("select value from")) isOpen = true
      const rows = query(text, ...parameters)
      return isOpen ? Effect.tap(rows, Effect.sleep(1)) : rows
    },
    transaction: (program) => (isOpen ? program : transaction(program)),
  }
}

export const mutants = {
  noOpenIndex: {
    law: "J2",
    breaks: "a sync with an open entry is not marked again",
    behavior: "has no unique index of open entries",
    stores: both,
    wrap: replacing([/create unique index journal_entries_open/, "create index journal_entries_open"]),
  },
  noAttemptIndex: {
    law: "J1",
    breaks: "claim a free key at once",
    behavior: "claims without atomicity: it looks for the key, and then inserts its entry",
    stores: both,
    wrap: (database) =>
      replacing([/create unique index journal_entries_attempt/, "create index journal_entries_attempt"])(
        withoutTransactions(database),
      ),
  },
  noRowLocks: {
    law: "J4",
    breaks: "have numbers that only grow",
    behavior: "does not lock the lease while it gives it away",
    stores: both,
    wrap: (database) => replacing([/ for update of lease$/, ""])(withoutTransactions(database)),
  },
  noEntryLocks: {
    law: "J3",
    breaks: "change one revision of an entry at once",
    behavior: "does not lock the entry while it compares revisions",
    stores: both,
    wrap: (database) => replacing([/ for update of entry$/, ""])(withoutTransactions(database)),
  },
  timeOfTransaction: {
    law: "J10",
    breaks: "a lease that expires while a call waits for the lock",
    behavior: "takes the time at which the transaction began",
    stores: ["PostgreSQL"],
    wrap: replacing([/clock_timestamp\(\)\) \* 1000/, "now()) * 1000"]),
  },
  noExpiry: {
    law: "J5",
    breaks: "a lease expires by the store",
    behavior: "never lets a lease expire",
    stores: both,
    wrap: replacing([/^select .* as now$/, "select 1000 as now"]),
  },
  sameNumber: {
    law: "J4",
    breaks: "a call that has the lease already gets a new number",
    behavior: "gives every lease the number 1",
    stores: both,
    wrap: replacing([/set number = \?, owner_call/, "set number = 0 * ? + 1, owner_call"]),
  },
  ignoresNumber: {
    law: "J4",
    breaks: "a mark under a lease that is not the call's",
    behavior: "ignores the number of a lease when it marks",
    stores: both,
    wrap: unchanged,
    change: (journal) => {
      const leases = new Map<string, Lease>()
      return {
        acquire: (identity, owner, duration) =>
          Effect.tap(journal.acquire(identity, owner, duration), (result) =>
            Effect.sync(() => void (result._tag === "Acquired" && leases.set(identity, result.lease))),
          ),
        mark: (request) => {
          const { number } = leases.get(request.lease.identity) ?? request.lease
          return journal.mark({ ...request, lease: { ...request.lease, number } })
        },
      }
    },
  },
  marksBesideOpen: {
    law: "J2",
    breaks: "a sync with an open entry is not marked again",
    behavior: "marks beside an open entry",
    stores: both,
    wrap: unchanged,
    change: (journal) => ({
      mark: (request) =>
        Effect.gen(function* () {
          const result = yield* journal.mark(request)
          if (result._tag !== "Blocked" || result.by._tag !== "Stored") return result
          yield* journal.update(result.by.entry, { state: "refused" }, request.lease.owner)
          return yield* journal.mark(request)
        }),
    }),
  },
  noRelease: {
    law: "J4",
    breaks: "one call at a time has the lease",
    behavior: "does not give a lease back",
    stores: both,
    wrap: replacing(
      [/owner_call = \?, host/, "owner_call = coalesce(?, owner_call), host"],
      [/lease_until = \? where/, "lease_until = case ? when 0 then lease_until else 99999999999999 end where"],
    ),
  },
  uncountedStarts: {
    law: "J11",
    breaks: "start runs of one workspace at once",
    behavior: "counts starts without a lock on the workspace",
    stores: ["PostgreSQL"],
    wrap: (database) =>
      slow(/^select request_until/)(
        replacing([/on conflict \(vendor, base_url, workspace\) do update set .*/, "on conflict do nothing"])(database),
      ),
  },
  startsOfAll: {
    law: "J11",
    breaks: "a start counts until one window",
    behavior: "counts the starts of other workspaces too",
    stores: both,
    wrap: replacing([/and workspace = \? and request_until/, "and workspace <> ? || '!' and request_until"]),
  },
  forgetsAll: {
    law: "J7",
    breaks: "forgotten by their age",
    behavior: "forgets entries whatever their age",
    stores: both,
    wrap: replacing([/forgotten_from <= \?/, "(forgotten_from <= ? or forgotten_from > 0)"]),
  },
  forgetsClaims: {
    law: "J7",
    breaks: "claims that are alive are never forgotten",
    behavior: "forgets claims that are alive",
    stores: both,
    wrap: replacing([/and \(state <> 'claimed' or claim_until <= \?\)/, "and ? > 0"]),
  },
  forgetsOpen: {
    law: "J7",
    breaks: "claims that are alive are never forgotten",
    behavior: "forgets open entries",
    stores: both,
    wrap: replacing([/and forgotten_from <= \?/, "and coalesce(forgotten_from, created_at) <= ?"]),
  },
  forgetsNewer: {
    law: "J7",
    breaks: "a record of another edition is never forgotten",
    behavior: "forgets records of a newer version",
    stores: both,
    wrap: replacing([/where edition = 2 and forgotten_from/, "where forgotten_from"]),
  },
  ignoresNewer: {
    law: "J8",
    breaks: "stops the marks of its sync only",
    behavior: "marks a sync that has a record of a newer version",
    stores: both,
    wrap: replacing([/entry\.edition <> 2 limit 1/, "entry.edition = 0 limit 1"]),
  },
  hidesNewer: {
    law: "J8",
    breaks: "stops the marks of its sync only",
    behavior: "does not list records of another version",
    stores: both,
    wrap: replacing([/entry\.edition <> 2 or entry\.state/, "entry.state"]),
  },
  foreignWorkspaces: {
    law: "J8",
    breaks: "a list is narrowed",
    behavior: "lists the entries of other workspaces",
    stores: both,
    wrap: replacing([/entry\.workspace = \?\)/, "entry.workspace <> ? || '!')"]),
  },
  losesPages: {
    law: "J8",
    breaks: "page by page",
    behavior: "leaves out entries between two pages",
    stores: both,
    wrap: replacing([/\(entry\.created_at < \?/, "(entry.created_at + 1000 < ?"]),
  },
  lazyWrites: {
    law: "J6",
    breaks: "survives a loss of power",
    behavior: "reports a write before it is on the disk",
    stores: both,
    wrap: replacing([/synchronous = full/, "synchronous = normal"], [/when 'off' then 'on'/, "when 'on' then 'off'"]),
  },
  anyHost: {
    law: "J12",
    breaks: "hosts cannot share",
    behavior: "lets two hosts use one file",
    stores: ["SQLite"],
    wrap: replacing(
      [/lease_until > \? and host <> \?/, "lease_until > ? and host <> ? and 1 = 0"],
      [/claim_until > \? and host <> \?/, "claim_until > ? and host <> ? and 1 = 0"],
    ),
  },
  newerSchema: {
    law: "J9",
    breaks: "a store of a newer version is refused",
    behavior: "opens a store of a newer version",
    stores: both,
    wrap: replacing(
      [/^select user_version,/, "select min(user_version, 1) as user_version,"],
      [
        /^select value from (.*) where name = \?$/,
        "select case length(value) when 2 then '1' else value end as value from $1 where name = ?",
      ],
    ),
  },
  oneStarter: {
    law: "J9",
    breaks: "open an empty place at once",
    behavior: "does not wait for another starter",
    stores: ["PostgreSQL"],
    wrap: replacing([/pg_advisory_xact_lock\(hashtextextended\(\?, 0\)\)/, "?::text"]),
  },
} satisfies Record<string, Mutant>

export type MutantName = keyof typeof mutants
