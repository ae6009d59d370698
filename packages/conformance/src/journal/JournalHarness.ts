/** What the author of a store writes, so that the suite can examine the store. */
import type { Service } from "@openretl/core/Journal"
import type { JournalError } from "@openretl/core/JournalError"
import type * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"

/** Something that the suite needs of a store, or the reason why this store cannot have it: the laws about it are skipped. */
export type Possible<A> = A | { readonly impossible: string }

/** A store that the suite examines. */
export interface JournalHarness {
  /** The name of the store, for the report. */
  readonly name: string
  /** `virtual`: the store's clock is Effect's, and the suite lets no real time pass. `real`: the suite waits. */
  readonly time: "virtual" | "real"
  /**
   * Finds a place for an empty store, such as a file name or a schema that nothing uses. The first client that opens it
   * creates the store. Each law gets a place of its own.
   */
  readonly place: Effect.Effect<Place, unknown, EffectScope.Scope>
}

/** Where one store is. */
export interface Place {
  /** Opens the store, as a process does. Each client sees what all others wrote. */
  readonly open: Effect.Effect<Service, JournalError, EffectScope.Scope>
  /** How another process opens it. */
  readonly program: Possible<Program>
  /** Writes a record into the store as another version would, or as a damaged disk does. */
  readonly plant: Possible<(record: PlantedRecord) => Effect.Effect<unknown, unknown>>
  /** Makes the store one of a newer version. */
  readonly raiseSchema: Possible<Effect.Effect<unknown, unknown>>
  /** Takes the lock that every write needs, until the scope closes. */
  readonly block: Possible<Effect.Effect<unknown, unknown, EffectScope.Scope>>
  /** Reads the settings that decide whether a write survives a loss of power. */
  readonly durability: Possible<Effect.Effect<ReadonlyArray<Setting>, unknown>>
  /** Whether hosts can share the store. One that they cannot share refuses a host while another has a live lease. */
  readonly isSharedByHosts: boolean
}

/** How a process of the suite opens the store. */
export interface Program {
  /** A module that exports `open`, a function of the type `Open`. */
  readonly module: URL
  /** What `open` gets, as JSON. */
  readonly data: unknown
}

/**
 * Opens the store in a process of the suite. The store calls `at` with a name of its choice within a write, right before
 * the write becomes durable: the suite kills the process there. A store without such a place does not call it.
 */
export type Open = (
  data: unknown,
  at: (point: string) => Effect.Effect<void>,
) => Effect.Effect<Service, JournalError, EffectScope.Scope>

/** A record that this version does not write. */
export interface PlantedRecord {
  readonly id: string
  readonly edition: number
  readonly identity: string
  readonly workspace: string
  readonly key: string
  readonly state: string
  /** The content, where the store keeps text. */
  readonly body: string
}

/** A setting of the store. */
export interface Setting {
  /** Its name, as in `synchronous`. */
  readonly name: string
  readonly value: unknown
  /** The value under which a reported write survives a loss of power. */
  readonly needed: unknown
}
