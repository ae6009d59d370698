/** What the docs print about one adapter, besides what they read out of its files. */
import type { Fact } from "@openretl/core/driver/Description"
import type { AnyDriver } from "@openretl/core/driver/Driver"
import type { RetlError } from "@openretl/core/RetlError"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import type { Switches } from "@openretl/emulator/Switch"
import { type Effect, Redacted } from "effect"

/** `documented`: the vendor documents it. `seen`: only the vendor's own clients call it. */
type Source = "documented" | "seen"

/** An endpoint, the client's function that calls it, and how it is known. */
export type Row<Name extends string = string> = readonly [endpoint: string, name: Name, source: Source]

/** One adapter in the docs. */
export interface Documented {
  /** The vendor's name. */
  readonly title: string
  readonly facts: ReadonlyArray<Fact>
  /** A driver with all parts that the adapter has. */
  readonly driver: Effect.Effect<AnyDriver, RetlError>
  /** The schedules that the vendor can express. @default the adapter changes no syncs */
  readonly schedules?: ScheduleForms
  readonly switches: Switches
  readonly endpoints: {
    readonly rows: ReadonlyArray<Row>
    /** A sentence above the table. */
    readonly note: string
  }
}

/** Options of a workspace that is never opened. */
export const common = { name: "docs", token: Redacted.make("none") }

/** The functions of a client that no row names, without its streams: each of those reads the pages of a list. */
type Unnamed<Client, Rows extends ReadonlyArray<Row>> = Exclude<
  keyof Client,
  Rows[number][1] | "http" | `stream${string}`
>

/** Returns the rows. Does not compile when a function of the client is in no row. */
export const allOf =
  <Client>() =>
  <const Rows extends ReadonlyArray<Row<keyof Client & string>>>(
    rows: [Unnamed<Client, Rows>] extends [never] ? Rows : never,
  ): ReadonlyArray<Row> =>
    rows
