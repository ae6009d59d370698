/**
 * A journal in PostgreSQL, for any number of processes and hosts. Its tables are in a schema of their own.
 *
 * The server's `clock_timestamp()` decides when a lease expires. A write is on the server's disk before the call returns,
 * also where the server's default is `synchronous_commit = off`. A transaction that is left open, as by a host that
 * is suspended, is ended by the server after `storeWithin`.
 */
import { Journal, type Service } from "@openretl/core/Journal"
import { JournalError } from "@openretl/core/JournalError"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type * as EffectScope from "effect/Scope"
import * as Postgres from "./internal/postgres.ts"

/** Where a journal in PostgreSQL is. */
export interface Options {
  /** The server and the database, as in `postgres://user:password@host:5432/database?sslmode=require`. */
  readonly url: Redacted.Redacted
  /**
   * The schema of the journal's tables: lower-case letters, digits and `_`, at most 40. It is created where there is none;
   * a role that may not create one needs `create` and `usage` on it. @default "openretl"
   */
  readonly schema?: string
  /** How many connections to open at most. Each operation uses one. @default 4 */
  readonly maxConnections?: number
}

/**
 * Opens the journal, until the scope closes. Fails with `JournalError`: with `StoreUnavailable` where the server cannot be
 * reached, `StoreAccessDenied` for credentials and permissions, `NotAJournal` for a schema of something else,
 * `NewerSchema` for one of a newer version.
 */
export const make = (options: Options): Effect.Effect<Service, JournalError, EffectScope.Scope> =>
  Effect.mapError(
    Postgres.open(options),
    (reason) => new JournalError({ store: "PostgreSQL", operation: "open", reason }),
  )

/** Provides the journal. */
export const layer = (options: Options): Layer.Layer<Journal, JournalError> => Layer.effect(Journal, make(options))

/** Provides the journal, with options that are read from the configuration. */
export const layerConfig = (options: Config.Wrap<Options>): Layer.Layer<Journal, JournalError | Config.ConfigError> =>
  Layer.effect(Journal, Effect.flatMap(Config.unwrap(options), make))
