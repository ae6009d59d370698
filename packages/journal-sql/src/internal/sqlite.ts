/** A SQLite file as the database of a journal. */
import type { Service } from "@openretl/core/Journal"
import { type JournalReason, NewerSchema, NotAJournal, WalRefused } from "@openretl/core/JournalError"
import * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"
import { sqlite } from "./dialect.ts"
import * as SqlJournal from "./journal.ts"
import { migrations, supported } from "./schema.ts"
import { type Database, type Failure, openSqlite, reasonOf } from "./sql.ts"

/** Marks the file as a journal of OpenRETL: "retl" in ASCII. */
const applicationId = 0x7265746c

/** Opens a journal in a file. `wrap` lets tests stand between the journal and its database. */
export const open = Effect.fnUntraced(function* (
  filename: string,
  wrap: (database: Database) => Database = (database) => database,
): Effect.fn.Return<Service, JournalReason, EffectScope.Scope> {
  const database = wrap(yield* Effect.mapError(openSqlite(filename), reasonOf))
  const id = yield* SqlJournal.bounded(() => prepare(database))
  return SqlJournal.make(database, { id, dialect: sqlite, begin: () => Effect.void })
})

/** Brings the file to this version's schema, and returns the id of the store. */
const prepare = Effect.fnUntraced(function* (database: Database): Effect.fn.Return<string, Failure> {
  // Before anything else: nothing is written to a file of something else, or of a newer version.
  const number = yield* schemaNumber(database)
  const [wal] = yield* database.query("pragma journal_mode = wal")
  const mode = wal?.["journal_mode"]
  if (mode !== "wal") return yield* Effect.fail(new WalRefused({ mode: String(mode) }))
  for (const setting of ["synchronous = full", "fullfsync = 1", "checkpoint_fullfsync = 1"]) {
    yield* database.query(`pragma ${setting}`)
  }
  // A file of this version is only read, which needs no lock: another process may have it for long.
  if (number !== supported) yield* database.transaction(migrate(database))
  const [row] = yield* database.query(`select value from ${sqlite.table("facts")} where name = 'id'`)
  return String(row?.["value"])
})

/** Another starter may have migrated the file since its number was read: the transaction reads it again. */
const migrate = Effect.fnUntraced(function* (database: Database): Effect.fn.Return<void, Failure> {
  const number = yield* schemaNumber(database)
  if (number === supported) return
  for (const statement of migrations(sqlite).slice(number).flat()) yield* database.query(statement)
  if (number === 0) {
    yield* database.query(
      `insert into ${sqlite.table("facts")} (name, value) values ('id', lower(hex(randomblob(16))))`,
    )
    yield* database.query(`pragma application_id = ${applicationId}`)
  }
  yield* database.query(`pragma user_version = ${supported}`)
})

const schemaNumber = Effect.fnUntraced(function* (database: Database): Effect.fn.Return<number, Failure> {
  // One statement sees one moment: another starter may migrate the file meanwhile.
  const [row] = yield* database.query(
    `select user_version, application_id, (select count(*) from sqlite_master) as tables
      from pragma_user_version, pragma_application_id`,
  )
  const number = Number(row?.["user_version"])
  const application = Number(row?.["application_id"])
  const isEmpty = number === 0 && application === 0 && Number(row?.["tables"]) === 0
  if (application !== applicationId && !isEmpty) {
    return yield* Effect.fail(new NotAJournal({ instead: "a SQLite database of another program" }))
  }
  if (number > supported) return yield* Effect.fail(new NewerSchema({ schema: number, supported }))
  return number
})
