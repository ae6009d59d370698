/** The emulators of the nightly's three vendors, with the twelve syncs that it names. */
import { RudderStackEmulator, SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import type { Emulator, Ids, Options } from "@openretl/emulator/Emulator"
import { Effect } from "effect"

const connection = (letter: string): Ids => ({ connection: `2C8Vk2wj8qkofy00YzJbvJOGeq${letter}` })
const mapping = (name: string): Ids => ({ source: `s${name}`, model: `m${name}`, subscription: `sub${name}` })
const sync = (digit: number): Ids => ({ sync: `550e8400-e29b-41d4-a716-44665544000${digit}` })

/** The ids of the syncs, by the names of their jobs. */
export const idsByName: Readonly<Record<string, Ids>> = {
  orders: connection("a"),
  accounts: connection("b"),
  contacts: connection("c"),
  tickets: connection("d"),
  leads: mapping("Leads"),
  audiences: mapping("Audiences"),
  conversions: mapping("Conversions"),
  lookalikes: mapping("Lookalikes"),
  profiles: sync(0),
  consents: sync(1),
  churn: sync(2),
  support: sync(3),
}

/** The destinations of the nightly, each with the names of its jobs in their order. */
export const destinations: ReadonlyArray<ReadonlyArray<string>> = [
  ["orders", "accounts", "contacts", "leads"],
  ["tickets", "support"],
  ["audiences", "conversions", "lookalikes"],
  ["profiles", "consents", "churn"],
]

/** The vendors of the nightly. */
export interface Vendors {
  readonly emulators: ReadonlyArray<Emulator>
  /** Returns the emulator of a job. */
  readonly vendorOf: (name: string) => Emulator
}

export const vendors = (options: Options): Effect.Effect<Vendors> =>
  Effect.gen(function* () {
    const rudderstack = yield* RudderStackEmulator.make(options)
    const segment = yield* SegmentEmulator.make(options)
    const workspaceId = "660e8400-e29b-41d4-a716-446655440000"
    const zeotap = yield* ZeotapEmulator.make({ ...options, workspaceId })
    const vendorOf = (name: string): Emulator => {
      const ids = Object.keys(idsByName[name] ?? {})
      if (ids.includes("connection")) return rudderstack
      return ids.includes("subscription") ? segment : zeotap
    }
    for (const [name, ids] of Object.entries(idsByName)) yield* vendorOf(name).addSync({ ids, name })
    return { emulators: [rudderstack, segment, zeotap], vendorOf }
  })
