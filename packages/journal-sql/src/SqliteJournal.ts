/**
 * A journal in a SQLite file, for the processes of one machine. A file name is all that it needs.
 *
 * A write is on the disk before the call returns: write-ahead log, `synchronous=FULL`, and the full flush of macOS. Owners
 * carry the name of their host, and a live lease or claim of another host is refused with `OtherHost`: several hosts share a
 * journal in PostgreSQL. Node prints a warning for SQLite before version 24.
 *
 * Where the environment variable `CI` is set, opening a file that is not there yet logs a warning: a runner that is thrown
 * away takes the file along, and the same job run again starts its syncs again.
 */
import { existsSync } from "node:fs"
import { Journal, type Service } from "@openretl/core/Journal"
import { JournalError } from "@openretl/core/JournalError"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as EffectScope from "effect/Scope"
import * as Sqlite from "./internal/sqlite.ts"

/** Where a journal in SQLite is. */
export interface Options {
  /** The file; it is created where there is none. Its folder must exist, on a disk of this machine. */
  readonly filename: string
}

/**
 * Opens the journal, until the scope closes. Fails with `JournalError`: with `NotAJournal` for a file of something else,
 * `NewerSchema` for one of a newer version, `WalRefused` where SQLite keeps no write-ahead log. Such a file stays as it is.
 */
export const make = ({ filename }: Options): Effect.Effect<Service, JournalError, EffectScope.Scope> =>
  Effect.gen(function* () {
    const isNew = !existsSync(filename)
    const journal = yield* Effect.mapError(
      Sqlite.open(filename),
      (reason) => new JournalError({ store: "SQLite", operation: "open", reason }),
    )
    if (isNew && (yield* isCi)) yield* warnOfCi(filename)
    return journal
  })

/** Returns whether the environment says that this is continuous integration. */
const isCi = Config.String("CI").pipe(
  Effect.map((value) => !["", "0", "false"].includes(value)),
  Effect.orElseSucceed(() => false),
)

const warnOfCi = (filename: string): Effect.Effect<void> =>
  Effect.logWarning(
    "CI is set, and this journal is a new file: if the runner is thrown away, the journal goes with it. Use PostgreSQL, or a disk that stays",
  ).pipe(Effect.annotateLogs({ filename }))

/** Provides the journal. */
export const layer = (options: Options): Layer.Layer<Journal, JournalError> => Layer.effect(Journal, make(options))

/** Provides the journal, with options that are read from the configuration. */
export const layerConfig = (options: Config.Wrap<Options>): Layer.Layer<Journal, JournalError | Config.ConfigError> =>
  Layer.effect(Journal, Effect.flatMap(Config.unwrap(options), make))
