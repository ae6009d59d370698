/** A journal over a database that has its tables. */
import * as JournalTables from "@openretl/core/driver/JournalTables"
import { type Service, StoreWithin } from "@openretl/core/Journal"
import { type JournalReason, StoreBusy } from "@openretl/core/JournalError"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import type { Dialect } from "./dialect.ts"
import { type Database, type Failure, reasonOf } from "./sql.ts"
import * as Tables from "./tables.ts"

/** What a journal needs besides its database. */
export interface Settings {
  /** The id of the store. */
  readonly id: string
  readonly dialect: Dialect
  /** Runs first in every transaction, with how long the transaction may wait for a lock. */
  readonly begin: (database: Database, within: Duration.Duration) => Effect.Effect<unknown, Failure>
}

/** Creates a journal over a database. */
export const make = (database: Database, { id, dialect, begin }: Settings): Service => {
  const writing = Tables.make(database, dialect, "write")
  const reading = Tables.make(database, dialect, "read")
  return JournalTables.make({
    id,
    name: dialect.name,
    write: (program) =>
      bounded((within) => database.transaction(Effect.andThen(begin(database, within), program(writing)))),
    read: (program) => bounded(() => program(reading)),
  })
}

/** How long to wait before a transaction whose lock is taken runs again. */
const whenBusy = Schedule.jittered(Schedule.min([Schedule.exponential("2 millis"), Schedule.spaced("40 millis")]))

/**
 * Runs a program again while another transaction has the lock, and fails with `StoreBusy` when `StoreWithin` is over.
 *
 * The program has a fiber of its own, so that an interrupt and the time-out end the call at once, also where a server that
 * is gone keeps the program from being undone.
 */
export const bounded = <A>(
  program: (within: Duration.Duration) => Effect.Effect<A, Failure>,
): Effect.Effect<A, JournalReason> =>
  Effect.gen(function* () {
    const within = yield* StoreWithin
    const again = Effect.retry(Effect.mapError(program(within), reasonOf), {
      while: ({ _tag }) => _tag === "StoreBusy",
      schedule: whenBusy,
    })
    const fiber = yield* Effect.forkDetach(again, { startImmediately: true })
    return yield* Fiber.join(fiber).pipe(
      Effect.timeoutOrElse({ duration: within, orElse: () => Effect.fail(new StoreBusy({ after: within })) }),
      Effect.onExit(() => Effect.sync(() => fiber.interruptUnsafe())),
    )
  })
