/** Keeps laws from being checked while the adapter has no contact with its vendor: they would all fail of one cause. */
import type { Switches } from "@openretl/emulator/Switch"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as TestClock from "effect/testing/TestClock"
import type { Harness, VendorEmulator } from "../Harness.ts"
import type { Law } from "../Law.ts"
import { contactLaws, isAboutConfiguredSyncs, isContact } from "../laws/contact.ts"
import { verify } from "../Verify.ts"

/** The laws that are open for one adapter. */
export interface Gate {
  /** Returns what keeps a law from being checked; `undefined` where nothing does. The first call checks the contact. */
  readonly closedBy: (law: Law) => Promise<Closed | undefined>
}

/** A law of contact is broken. */
export interface Closed {
  /** Which law it is. */
  readonly reason: string
  /** What breaks it. */
  readonly error: unknown
}

/** Makes the gate of one adapter. It checks each law of contact at most once. */
export const make = <S extends Switches, E extends VendorEmulator>(harness: Harness<S, E>): Gate => {
  const ends = new Map<Law, Promise<Exit.Exit<unknown, unknown>>>()
  const endOf = (law: Law): Promise<Exit.Exit<unknown, unknown>> => {
    const end = ends.get(law) ?? Effect.runPromiseExit(Effect.provide(verify(harness, law), TestClock.layer()))
    ends.set(law, end)
    return end
  }
  return {
    closedBy: async (law) => {
      if (isContact(law)) return undefined
      for (const contact of contactLaws) {
        if (isAboutConfiguredSyncs(contact) && !isAboutConfiguredSyncs(law)) continue
        const end = await endOf(contact)
        if (Exit.isFailure(end)) {
          return { reason: `a first law fails: ${contact.title}`, error: Cause.squash(end.cause) }
        }
      }
      return undefined
    },
  }
}
