/**
 * A journal over tables, for the authors of stores that have transactions: they write a few reads and writes, and `make`
 * decides what happens, in the same way for all of them.
 */
import * as Effect from "effect/Effect"
import { JournalError, type JournalReason } from "../model/JournalError.ts"
import * as Operations from "./operations.ts"
import type { Service } from "./port.ts"
import type { Backend, Tables } from "./tables.ts"

export type { Backend, EntryRow, LeaseRow, Query, ReadRow, StartGroup, Tables } from "./tables.ts"

/** Creates a journal over a store with transactions. */
export const make = ({ id, name, write, read }: Backend): Service => {
  const named = <A>(operation: string, program: Effect.Effect<A, JournalReason>): Effect.Effect<A, JournalError> =>
    Effect.mapError(program, (reason) => new JournalError({ store: name, operation, reason }))
  const writing = <A>(operation: string, program: (tables: Tables) => Effect.Effect<A, JournalReason>) =>
    named(operation, write(program))
  const reading = <A>(operation: string, program: (tables: Tables) => Effect.Effect<A, JournalReason>) =>
    named(operation, read(program))
  return {
    id,
    claim: (request) => writing("claim", (tables) => Operations.claim(tables, request)),
    takeOver: (version, request) => writing("takeOver", (tables) => Operations.takeOver(tables, version, request)),
    renewClaim: (entry, owner, lease) =>
      writing("renewClaim", (tables) => Operations.renewClaim(tables, entry, owner, lease)),
    acquire: (identity, owner, lease) =>
      writing("acquire", (tables) => Operations.acquire(tables, identity, owner, lease)),
    renew: (lease, duration) => writing("renew", (tables) => Operations.renew(tables, lease, duration)),
    release: (lease) => writing("release", (tables) => Operations.release(tables, lease)),
    mark: (request) => writing("mark", (tables) => Operations.mark(tables, request)),
    update: (version, change, by) => writing("update", (tables) => Operations.update(tables, version, change, by)),
    remove: (version, by) => writing("remove", (tables) => Operations.remove(tables, version, by)),
    get: (entry) => reading("get", (tables) => Operations.get(tables, entry)),
    find: (identity, key) => reading("find", (tables) => Operations.find(tables, identity, key)),
    list: (filter) => reading("list", (tables) => Operations.list(tables, filter)),
    forget: (age) => writing("forget", (tables) => Operations.forget(tables, age)),
  }
}
