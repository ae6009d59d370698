/** The emulators of all vendors, by the vendors' short names. */
import * as Effect from "effect/Effect"
import type { Emulator } from "./Emulator.ts"
import * as Vendors from "./internal/vendors.ts"

/** The options of any vendor's emulator, besides its own. */
export interface Options {
  /** How many emulated seconds pass in a real one. @default 1 */
  readonly speed?: number
  /** What ids, tokens and run lengths are drawn from. @default 1 */
  readonly seed?: number
  /** How many syncs it has: the first ones are named `orders`, `customers`, `leads`, `refunds`, `events`. @default 0 */
  readonly syncs?: number
}

/** The short names of the vendors. */
export type VendorName = Vendors.VendorName

/** The vendors that have an emulator here. */
export const vendors = Object.keys(Vendors.vendors) as ReadonlyArray<VendorName>

/** Names of syncs; later ones have numbers. */
const names = ["orders", "customers", "leads", "refunds", "events"]

/** Adds so many syncs to an emulator when it is made. */
export const withSyncs = (make: Effect.Effect<Emulator>, count: number): Effect.Effect<Emulator> =>
  Effect.tap(make, (emulator) =>
    Effect.forEach(Array.from({ length: count }), (_, index) =>
      emulator.addSync({ name: names[index] ?? `sync-${index + 1}` }),
    ),
  )

/** Makes the emulator of a vendor. */
export const make = (vendor: VendorName, { speed, seed, syncs = 0 }: Options = {}): Effect.Effect<Emulator> =>
  withSyncs(
    Vendors.vendors[vendor].make({ ...(speed !== undefined && { speed }), ...(seed !== undefined && { seed }) }),
    syncs,
  )
