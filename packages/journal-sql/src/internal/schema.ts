/**
 * The tables of a journal, and their number.
 *
 * `migrations` has the statements that lead from each number to the next; a store at number n has seen the first n. A
 * running program of an older version goes on while a newer one raises the number, so that a migration adds columns
 * that may be absent, indexes and tables, and changes nothing else.
 */
import type { Dialect } from "./dialect.ts"

/** Columns that are copied out of `body` so that statements can find entries; `body` is the truth. */
export const migrations = ({ table }: Dialect): ReadonlyArray<ReadonlyArray<string>> => [
  [
    `create table ${table("facts")} (name text primary key, value text not null)`,
    `create table ${table("entries")} (
      id text primary key,
      edition integer not null,
      identity text,
      entry_key text,
      attempt integer,
      workspace text,
      vendor text,
      base_url text,
      state text not null,
      host text,
      claim_until bigint not null,
      touched_at bigint not null,
      created_at bigint not null,
      request_until bigint,
      forgotten_from bigint,
      body text not null
    )`,
    // One open entry for each identity, whatever leases say.
    `create unique index journal_entries_open on ${table("entries")} (identity) where state in ('sent', 'lost')`,
    `create unique index journal_entries_attempt on ${table("entries")} (identity, entry_key, attempt)
      where entry_key is not null`,
    `create index journal_entries_identity on ${table("entries")} (identity, created_at)`,
    `create index journal_entries_workspace on ${table("entries")} (workspace, created_at)`,
    `create index journal_entries_starts on ${table("entries")} (vendor, base_url, workspace, request_until)
      where request_until is not null`,
    `create index journal_entries_forgotten on ${table("entries")} (forgotten_from) where forgotten_from is not null`,
    `create index journal_entries_claims on ${table("entries")} (claim_until) where state = 'claimed'`,
    `create table ${table("leases")} (
      identity text primary key,
      number bigint not null,
      owner_call text,
      host text,
      pid bigint,
      lease_until bigint not null
    )`,
    `create index journal_leases_until on ${table("leases")} (lease_until)`,
    // A row is locked while the starts of its workspace are counted.
    `create table ${table("workspaces")} (
      vendor text not null,
      base_url text not null,
      workspace text not null,
      counted bigint not null,
      primary key (vendor, base_url, workspace)
    )`,
  ],
]

/** The number of the schema that this version makes, and the highest that it can use. */
export const supported = 1
