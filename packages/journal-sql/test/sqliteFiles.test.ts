import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { describe, expect, it } from "@effect/vitest"
import { StoreWithin } from "@openretl/core/Journal"
import { SyncRef } from "@openretl/core/Ref"
import { Duration, Effect } from "effect"
import type { Database } from "../src/internal/sql.ts"
import * as SqliteJournal from "../src/SqliteJournal.ts"
import { folder, openSqlite } from "./support/stores.ts"

const refusal = (filename: string) => Effect.flip(Effect.scoped(SqliteJournal.make({ filename })))

const inFile = (filename: string, statements: string) => {
  const database = new DatabaseSync(filename)
  database.exec(statements)
  database.close()
}

describe("a file that is no journal", () => {
  const files: ReadonlyArray<readonly [string, (filename: string) => void, string]> = [
    ["text", (filename) => writeFileSync(filename, "name,age\n".repeat(200)), "a file that is no SQLite database"],
    ["the database of another program", (filename) => inFile(filename, "create table t (x)"), "another program"],
    [
      "a database that another program numbers",
      (filename) => inFile(filename, "pragma user_version = 1"),
      "another program",
    ],
    [
      "a database that another program marks",
      (filename) => inFile(filename, "pragma application_id = 7"),
      "another program",
    ],
  ]

  it.live.each(files)("J9: %s is refused, and stays as it is", ([, write, instead]) =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "journal.db")
      write(filename)
      const before = readFileSync(filename)
      const error = yield* refusal(filename)
      expect(error.reason._tag).toBe("NotAJournal")
      expect(error.message).toContain(instead)
      expect(readFileSync(filename)).toEqual(before)
      expect(existsSync(`${filename}-wal`)).toBe(false)
    }).pipe(Effect.scoped),
  )

  it.live("J9: a journal of a newer version is refused, and stays as it is", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "journal.db")
      yield* Effect.scoped(SqliteJournal.make({ filename }))
      inFile(filename, "pragma user_version = 2; pragma journal_mode = delete")
      const before = readFileSync(filename)
      const error = yield* refusal(filename)
      expect(error.reason).toMatchObject({ _tag: "NewerSchema", schema: 2, supported: 1 })
      expect(error.code).toBe("retl.journal.newer-schema")
      expect(readFileSync(filename)).toEqual(before)
    }).pipe(Effect.scoped),
  )

  it.live("J10: a journal opens and is read while another process holds its lock", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "journal.db")
      yield* Effect.scoped(SqliteJournal.make({ filename }))
      const other = new DatabaseSync(filename)
      yield* Effect.addFinalizer(() => Effect.sync(() => other.close()))
      other.exec("begin immediate")
      const listed = yield* Effect.flatMap(SqliteJournal.make({ filename }), (journal) => journal.list({})).pipe(
        Effect.provideService(StoreWithin, Duration.millis(200)),
      )
      expect(listed.entries).toEqual([])
    }).pipe(Effect.scoped),
  )

  it.live("J6: a database without a write-ahead log is refused", () =>
    Effect.gen(function* () {
      // SQLite keeps none in memory, as it keeps none on some network disks.
      const error = yield* refusal(":memory:")
      expect(error.reason).toMatchObject({ _tag: "WalRefused", mode: "memory" })
      expect(error.guidance).toContain("PostgreSQL")
    }),
  )

  it.live("J10: a folder that is missing is a typed error", () =>
    Effect.gen(function* () {
      const error = yield* refusal(join(yield* folder, "missing", "journal.db"))
      expect(error.reason).toMatchObject({ _tag: "StoreUnavailable", code: "SQLITE_CANTOPEN" })
    }).pipe(Effect.scoped),
  )

  it.live("J10: a journal that is damaged says so, and what is lost with it", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "journal.db")
      yield* Effect.scoped(Effect.asVoid(openSqlite({ filename })))
      const file = readFileSync(filename)
      // The pages after the first one are those of the tables.
      writeFileSync(filename, file.fill(0x5a, 4_096))
      const error = yield* refusal(filename)
      expect(error.reason).toMatchObject({ _tag: "StoreUnavailable", code: "SQLITE_CORRUPT" })
      expect(error.guidance).toContain("Restore the file")
    }).pipe(Effect.scoped),
  )

  const unwritable: ReadonlyArray<readonly [string, string, string]> = [
    ["a file that may not be written", "pragma query_only = 1", "SQLITE_READONLY"],
    ["a file for whose next page there is no room", "pragma max_page_count = 1", "SQLITE_FULL"],
  ]
  it.live.each(unwritable)("J10: %s is a typed error, and what it has can still be read", ([, pragma, code]) =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "journal.db")
      let opened: Database | undefined
      const journal = yield* openSqlite({ filename }, (database) => {
        opened = database
        return database
      })
      yield* journal.claim(claimOf("e1"))
      yield* opened?.query(pragma) ?? Effect.die("the file was opened")
      const writing = Effect.forEach(
        Array.from({ length: 200 }, (_, number) => `f${number}`),
        (id) => journal.claim(claimOf(id)),
      )
      const { reason } = yield* Effect.flip(writing)
      expect(reason).toMatchObject({ _tag: "StoreNotWritable", code })
      expect(yield* journal.get("e1")).toMatchObject({ entry: { state: "claimed" } })
    }).pipe(Effect.scoped),
  )
})

const claimOf = (id: string) => ({
  draft: {
    kind: "trigger" as const,
    id,
    identity: `acme ${id}`,
    vendor: "acme",
    baseUrl: "https://api.acme.test",
    workspace: "prod",
    key: "nightly/2026-11-27",
    sync: new SyncRef({ workspace: "prod", vendor: "acme", ids: { sync: id } }),
  },
  owner: { host: "batch-1", pid: 42, call: "c1" },
  lease: "1 minute" as const,
})
