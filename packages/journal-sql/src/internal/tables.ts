/** The tables of a journal in SQL: the same statements for SQLite and PostgreSQL. */
import { createHash } from "node:crypto"
import * as Steps from "@openretl/core/driver/JournalSteps"
import type { EntryRow, LeaseRow, Query, ReadRow, Tables } from "@openretl/core/driver/JournalTables"
import type { Unreadable } from "@openretl/core/Journal"
import { edition, isOpen, JournalEntryFromText } from "@openretl/core/JournalEntry"
import type { JournalReason } from "@openretl/core/JournalError"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Dialect } from "./dialect.ts"
import { type Database, type Row, reasonOf, type Value } from "./sql.ts"

/** Returns the tables as a transaction that writes, or a program that only reads, uses them. */
export const make = (database: Database, dialect: Dialect, mode: "write" | "read"): Tables => {
  const { table, now, isBoundToHost } = dialect
  const entries = table("entries")
  const leases = table("leases")
  const workspaces = table("workspaces")
  const locked = (name: string) => (mode === "write" ? dialect.forUpdate(name) : "")

  const rows = (text: string, ...parameters: ReadonlyArray<Value>): Effect.Effect<ReadonlyArray<Row>, JournalReason> =>
    Effect.mapError(database.query(text, ...parameters), reasonOf)
  const run = (text: string, ...parameters: ReadonlyArray<Value>) => Effect.asVoid(rows(text, ...parameters))

  const records = `select entry.*, lease.number, lease.owner_call, lease.host as lease_host, lease.pid, lease.lease_until
    from ${entries} entry left join ${leases} lease on lease.identity = entry.identity`
  const record = (condition: string, ...parameters: ReadonlyArray<Value>) =>
    Effect.map(
      rows(`${records} where ${condition} limit 1${locked("entry")}`, ...parameters),
      ([row]) => row && decode(row),
    )

  const leaseRow = (column: string) =>
    Effect.map(
      rows(
        `select number, owner_call, host as lease_host, pid, lease_until
          from ${leases} lease where identity = ?${locked("lease")}`,
        column,
      ),
      ([row]) => leaseIn(row),
    )

  return {
    now: Effect.map(rows(`select ${now} as now`), ([row]) => numberIn(row, "now") ?? 0),
    lease: Effect.fnUntraced(function* (identity) {
      const column = columnOf(identity)
      const existing = yield* leaseRow(column)
      if (existing !== undefined || mode === "read") return existing ?? noLease
      // A row that is there can be locked.
      yield* run(
        `insert into ${leases} (identity, number, lease_until) values (?, 0, 0) on conflict do nothing`,
        column,
      )
      return (yield* leaseRow(column)) ?? noLease
    }),
    putLease: (identity, { number, owner, until }) =>
      run(
        `update ${leases} set number = ?, owner_call = ?, host = ?, pid = ?, lease_until = ? where identity = ?`,
        number,
        owner?.call ?? null,
        owner?.host ?? null,
        owner?.pid ?? null,
        until,
        columnOf(identity),
      ),
    entry: (id) => record("entry.id = ?", id),
    latest: (identity, key) =>
      record("entry.identity = ? and entry.entry_key = ? order by entry.attempt desc", columnOf(identity), key),
    open: (identity) => record("entry.identity = ? and entry.state in ('sent', 'lost')", columnOf(identity)),
    unreadable: (identity) =>
      Effect.map(
        rows(`${records} where entry.identity = ? and entry.edition <> ${edition} limit 1`, columnOf(identity)),
        ([row]) => row && otherEdition(row),
      ),
    insert: (row) => {
      const columns = columnsOf(row)
      const names = Object.keys(columns)
      return Effect.map(
        rows(
          `insert into ${entries} (${names.join(", ")}) values (${names.map(() => "?").join(", ")})
            on conflict do nothing returning id`,
          ...Object.values(columns),
        ),
        (inserted) => inserted.length === 1,
      )
    },
    replace: (row) => {
      const { id, ...columns } = columnsOf(row)
      const update = database.query(
        `update ${entries} set ${Object.keys(columns)
          .map((name) => `${name} = ?`)
          .join(", ")} where id = ? returning id`,
        ...Object.values(columns),
        id,
      )
      // A violated index would end the whole transaction of PostgreSQL: a savepoint ends before it.
      const replaced = isOpen(row.entry) ? database.transaction(update) : update
      return replaced.pipe(
        Effect.map((updated) => updated.length === 1),
        Effect.catchTag("Duplicate", () => Effect.succeed(false)),
        Effect.mapError(reasonOf),
      )
    },
    remove: (id) => run(`delete from ${entries} where id = ?`, id),
    starts: Effect.fnUntraced(function* ({ vendor, baseUrl, workspace }, atMost) {
      yield* run(
        `insert into ${workspaces} as counting (vendor, base_url, workspace, counted) values (?, ?, ?, 1)
          on conflict (vendor, base_url, workspace) do update set counted = counting.counted + 1`,
        vendor,
        baseUrl,
        workspace,
      )
      const starts = yield* rows(
        `select request_until from ${entries}
          where vendor = ? and base_url = ? and workspace = ? and request_until is not null
          order by request_until desc limit ?`,
        vendor,
        baseUrl,
        workspace,
        atMost,
      )
      return starts.flatMap((row) => numberIn(row, "request_until") ?? [])
    }),
    list: Effect.fnUntraced(function* (query) {
      const { conditions, parameters } = conditionsOf(query)
      const listed = yield* rows(
        `${records} where ${conditions.join(" and ")} order by entry.created_at desc, entry.id desc limit ?`,
        ...parameters,
        query.limit + 1,
      )
      const page = listed.slice(0, query.limit)
      const last = listed.length > query.limit ? page.at(-1) : undefined
      return {
        records: page.map(decode),
        ...(last && { next: `${numberIn(last, "created_at")}:${textIn(last, "id")}` }),
      }
    }),
    forget: (before, now, atMost) =>
      Effect.map(
        rows(
          `delete from ${entries} where id in (
            select id from ${entries} entry
            where edition = ${edition} and forgotten_from <= ? and (state <> 'claimed' or claim_until <= ?)
            order by forgotten_from limit ?${dialect.skipLocked("entry")}
          ) returning id`,
          before,
          now,
          atMost,
        ),
        (forgotten) => forgotten.length,
      ),
    ...(isBoundToHost && {
      otherHost: (host: string, now: number) =>
        Effect.map(
          rows(
            `select host from ${leases} where lease_until > ? and host <> ?
              union all select host from ${entries} where state = 'claimed' and claim_until > ? and host <> ? limit 1`,
            now,
            host,
            now,
            host,
          ),
          ([row]) => textIn(row, "host"),
        ),
    }),
  }
}

/** PostgreSQL returns bigint as text or as a bigint. */
const numberIn = (row: Row | undefined, name: string): number | undefined => {
  const value = row?.[name] ?? undefined
  return value === undefined ? undefined : Number(value)
}

const textIn = (row: Row | undefined, name: string): string | undefined => {
  const value = row?.[name]
  return typeof value === "string" ? value : undefined
}

/** An index of PostgreSQL holds at most some 2,700 bytes of a row. */
const columnOf = (identity: string): string =>
  Buffer.byteLength(identity) <= 1_000 ? identity : `sha256:${createHash("sha256").update(identity).digest("hex")}`

const encode = Schema.encodeSync(JournalEntryFromText)

const columnsOf = ({ entry, claimUntil, touchedAt, requestUntil }: EntryRow) => {
  const forgottenFrom = entry.state === "claimed" ? touchedAt : epochMillis(Steps.forgottenFrom(entry))
  return {
    id: entry.id,
    edition: entry.edition,
    identity: columnOf(entry.identity),
    entry_key: entry.key ?? null,
    attempt: entry.attempt,
    workspace: entry.workspace,
    vendor: entry.vendor,
    base_url: entry.baseUrl,
    state: entry.state,
    host: entry.owner.host,
    claim_until: claimUntil,
    touched_at: touchedAt,
    created_at: DateTime.toEpochMillis(entry.createdAt),
    request_until: requestUntil ?? null,
    forgotten_from: forgottenFrom ?? null,
    body: encode(entry),
  } satisfies Record<string, Value>
}

const epochMillis = (time: DateTime.Utc | undefined): number | undefined => time && DateTime.toEpochMillis(time)

const conditionsOf = ({ states, workspace, identity, key, after }: Query) => {
  const conditions = [`(entry.edition <> ${edition} or entry.state in (${states.map(() => "?").join(", ") || "''"}))`]
  const parameters: Array<Value> = [...states]
  const add = (condition: string, ...values: ReadonlyArray<Value>) => {
    conditions.push(condition)
    parameters.push(...values)
  }
  if (workspace !== undefined) add("(entry.workspace is null or entry.workspace = ?)", workspace)
  if (identity !== undefined) add("(entry.identity is null or entry.identity = ?)", columnOf(identity))
  if (key !== undefined) add("entry.entry_key = ?", key)
  if (after !== undefined) {
    const [createdAt = "", id = ""] = after.split(":")
    const time = Number(createdAt)
    add("(entry.created_at < ? or (entry.created_at = ? and entry.id < ?))", time, time, id)
  }
  return { conditions, parameters }
}

const noLease: LeaseRow = { number: 0, until: 0 }

const leaseIn = (row: Row | undefined): LeaseRow | undefined => {
  const number = numberIn(row, "number")
  if (number === undefined) return undefined
  const call = textIn(row, "owner_call")
  const host = textIn(row, "lease_host")
  if (call === undefined || host === undefined) return { number, until: 0 }
  return { number, owner: { call, host, pid: numberIn(row, "pid") ?? 0 }, until: numberIn(row, "lease_until") ?? 0 }
}

const decodeBody = Schema.decodeUnknownResult(JournalEntryFromText)

const decode = (row: Row): ReadRow | Unreadable => {
  if (numberIn(row, "edition") !== edition) return otherEdition(row)
  const decoded = decodeBody(row["body"])
  if (Result.isFailure(decoded)) return unreadable(row, "its content is damaged")
  const requestUntil = numberIn(row, "request_until")
  const leaseRow = leaseIn(row)
  return {
    _tag: "EntryRow",
    entry: decoded.success,
    claimUntil: numberIn(row, "claim_until") ?? 0,
    touchedAt: numberIn(row, "touched_at") ?? 0,
    ...(requestUntil !== undefined && { requestUntil }),
    ...(leaseRow && { leaseRow }),
  }
}

const otherEdition = (row: Row): Unreadable =>
  unreadable(row, `it has edition ${numberIn(row, "edition")}, and this version reads edition ${edition}`)

const unreadable = (row: Row, why: string): Unreadable => {
  const [identity, workspace, key] = ["identity", "workspace", "entry_key"].map((name) => textIn(row, name))
  return {
    _tag: "Unreadable",
    id: textIn(row, "id") ?? "",
    why,
    edition: numberIn(row, "edition") ?? 0,
    ...(identity !== undefined && { identity }),
    ...(workspace !== undefined && { workspace }),
    ...(key !== undefined && { key }),
  }
}
