/**
 * What the author of an adapter writes for the attacks: how to open the adapter's client and driver, which operations
 * they have, and what the vendor's answers look like.
 */
import type { RetlError } from "@openretl/core/RetlError"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"

/** The variable parts of a body. The attack chooses them anew for each body. */
export interface Parts {
  /** Any JSON. */
  readonly some: unknown
  /** Any other JSON. */
  readonly other: unknown
  /** Any string. */
  readonly text: string
}

/** One adapter under attack. `Opened` is what `open` returns; `Name` are the names of the ids. */
export interface Target<Opened, Name extends string> {
  /** The vendor's name, which begins the title of the tests. */
  readonly name: string
  /** The origin that every request must go to, as in `https://api.example.com`: that of the base URL `open` uses. */
  readonly origin: string
  /**
   * Opens the client, and the driver over it, with this token and with `Transport` from the context. The attacks search
   * everything that can be reached from the returned value for the token.
   */
  readonly open: (token: Redacted.Redacted) => Effect.Effect<Opened, RetlError>
  /**
   * An ordinary id for each name. The ids differ from each other and from every other word of a request, so that the
   * attacks find them where the adapter puts them.
   */
  readonly ids: Readonly<Record<Name, string>>
  /** Every operation of the driver and the client, by name. Each operation sends one request. */
  readonly operations: (
    opened: Opened,
    ids: Readonly<Record<Name, string>>,
  ) => Readonly<Record<string, Effect.Effect<unknown, RetlError>>>
  /**
   * The bodies that this vendor answers with, refusals included, with the parts in place of its ids, words, numbers and
   * lists. They should contain every field that the adapter reads.
   */
  readonly bodies: (parts: Parts) => ReadonlyArray<unknown>
  /** Words that the adapter looks for in the vendor's texts; an attack repeats each of them endlessly. @default [] */
  readonly words?: ReadonlyArray<string>
}
