/**
 * What the author of an adapter hands to the attacks: how to open it, everything that it can be asked, and what the
 * vendor's answers look like. What an attack sends, and what may come of it, is the same for all vendors.
 */
import type { RetlError } from "@openretl/core/RetlError"
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"

/** What a body is made of, besides the vendor's names: chosen by the attack, and different each time. */
export interface Parts {
  /** Any JSON. */
  readonly some: unknown
  /** Any other JSON. */
  readonly other: unknown
  readonly text: string
}

export interface Target<Opened, Name extends string> {
  /** The vendor's name: the title. */
  readonly name: string
  /** Where every request has to go: `https://api.example.com`, the origin of the address that `open` uses. */
  readonly origin: string
  /**
   * Makes what is attacked, as a client and the driver over it, with this token and the `Transport` of its surroundings.
   * Whatever can be reached from it is searched for the token.
   */
  readonly open: (token: Redacted.Redacted) => Effect.Effect<Opened, RetlError>
  /**
   * An ordinary id for each name. They differ from each other and from every other word of a request, so that they are
   * found again where the adapter puts them.
   */
  readonly ids: Readonly<Record<Name, string>>
  /** Everything that it can be asked, by name: functions of the driver and of the client that send one request each. */
  readonly operations: (
    opened: Opened,
    ids: Readonly<Record<Name, string>>,
  ) => Readonly<Record<string, Effect.Effect<unknown, RetlError>>>
  /**
   * The bodies that this vendor answers with, refusals as well, with the parts in place of its ids, words, numbers and
   * lists. All that the adapter reads should be there.
   */
  readonly bodies: (parts: Parts) => ReadonlyArray<unknown>
  /** Words that it looks for in the vendor's texts: each is repeated without end. @default [] */
  readonly words?: ReadonlyArray<string>
}
