/** Where the journal is, and how it is opened. */
import { resolve } from "node:path"
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as Journal from "@openretl/core/Journal"
import type { JournalError } from "@openretl/core/JournalError"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as EffectScope from "effect/Scope"
import type { Environment } from "./token.ts"
import { type Issues, strict } from "./vendor.ts"

/** Where the journal is. */
export type JournalLocation =
  | { readonly _tag: "Sqlite"; readonly filename: string }
  | { readonly _tag: "Postgres"; readonly url: Redacted.Redacted<string> }
  | { readonly _tag: "Memory" }

/** The name of the journal's file beside a configuration that names none. */
export const defaultFilename = "openretl.journal.db"

/** The field `journal` of a configuration. */
export const Field = Schema.Union([
  Schema.Struct({ sqlite: Schema.NonEmptyString }),
  Schema.Struct({ postgres: Schema.Struct({ env: Schema.NonEmptyString }) }),
  Schema.Literal("memory"),
]).annotate({
  expected:
    '{ "sqlite": "file name" }, { "postgres": { "env": "NAME" } } with the name of a variable that has the URL, or "memory"',
})

const decodeField = Schema.decodeUnknownResult(Field, strict)

/** Decodes the field. Fails with every problem; none contains a URL, which may hold a password. */
export const decode = (
  raw: unknown,
  { env, folder }: { readonly env: Environment; readonly folder: string },
): Result.Result<JournalLocation, Issues> => {
  if (raw === undefined) return Result.succeed({ _tag: "Sqlite", filename: resolve(folder, defaultFilename) })
  const field = decodeField(raw)
  if (Result.isFailure(field)) return Result.fail(FieldIssue.fromSchemaError(field.failure).slice(0, 1))
  if (field.success === "memory") return Result.succeed({ _tag: "Memory" })
  if ("sqlite" in field.success) {
    if (isWordOfSqlite(field.success.sqlite)) {
      return Result.fail([{ path: ["sqlite"], message: "Expected the name of a file: a URL of SQLite is none" }])
    }
    return Result.succeed({ _tag: "Sqlite", filename: resolve(folder, field.success.sqlite) })
  }
  const name = field.success.postgres.env
  const url = Object.hasOwn(env, name) ? env[name] : undefined
  const shown = /^[A-Z][A-Z0-9_]{0,127}$/.test(name) ? ` ${name}` : ""
  const fail = (message: string) => Result.fail([{ path: ["postgres", "env"], message: `Expected ${message}` }])
  if (url === undefined) return fail(`the environment variable${shown} to be set: it is not`)
  return isPostgresUrl(url)
    ? Result.succeed({ _tag: "Postgres", url: Redacted.make(url) })
    : fail(`a URL of PostgreSQL in the environment variable${shown}, as in postgres://user@host/database`)
}

/** Returns the location that a command line names: a file, or a URL of PostgreSQL. Fails with a message without the URL. */
export const fromText = (text: string): Result.Result<JournalLocation, string> => {
  if (text === "memory") return Result.succeed({ _tag: "Memory" })
  if (text.trim() === "") return Result.fail("Expected a SQLite file, a URL of PostgreSQL, or memory")
  if (isPostgresUrl(text)) return Result.succeed({ _tag: "Postgres", url: Redacted.make(text) })
  if (/^[a-z]+:\/\//i.test(text))
    return Result.fail("Expected a URL of PostgreSQL, as in postgres://user@host/database")
  return isWordOfSqlite(text)
    ? Result.fail("Expected the name of a file, or memory: a URL of SQLite is neither")
    : Result.succeed({ _tag: "Sqlite", filename: resolve(text) })
}

/** Returns the text of a location as it may be shown: a URL without its password. */
export const shown = (text: string): string => {
  if (!isPostgresUrl(text)) return text
  const url = new URL(text)
  if (url.password !== "") url.password = "PASSWORD"
  for (const name of Array.from(url.searchParams.keys())) {
    if (/password/i.test(name)) url.searchParams.set(name, "PASSWORD")
  }
  return url.toString()
}

/** Returns the file of a journal, for what is said of it; nothing where it is no file. */
export const fileOf = (location: JournalLocation): { readonly journal?: string } =>
  location._tag === "Sqlite" ? { journal: location.filename } : {}

/** SQLite's own names for what is no file would become the names of files. */
const isWordOfSqlite = (text: string): boolean => /^(?::memory:$|file:)/.test(text)

const isPostgresUrl = (text: string): boolean => /^postgres(?:ql)?:\/\//.test(text) && URL.canParse(text)

/** Opens the journal. It ends with the surrounding `Scope`. */
export const open = (location: JournalLocation): Effect.Effect<Journal.Service, JournalError, EffectScope.Scope> => {
  switch (location._tag) {
    case "Memory":
      return Effect.sync(Journal.memory)
    case "Sqlite":
      // Loaded only here: Node 22 prints a warning for its SQLite.
      return Effect.flatMap(
        Effect.promise(() => import("@openretl/journal-sql/SqliteJournal")),
        (SqliteJournal) => SqliteJournal.make({ filename: location.filename }),
      )
    case "Postgres":
      return Effect.flatMap(
        Effect.promise(() => import("@openretl/journal-sql/PostgresJournal")),
        (PostgresJournal) => PostgresJournal.make({ url: location.url }),
      )
  }
}
