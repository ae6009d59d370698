/** The vendors of a configuration. An adapter is loaded only where the configuration names its vendor: that halves the start-up. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import type { Vendor } from "./vendor.ts"

const loaders = {
  segment: () => import("./segment.ts"),
  rudderstack: () => import("./rudderstack.ts"),
  zeotap: () => import("./zeotap.ts"),
  hightouch: () => import("./hightouch.ts"),
  "fivetran-activations": () => import("./fivetran-activations.ts"),
  polytomic: () => import("./polytomic.ts"),
} satisfies Readonly<Record<string, () => Promise<{ readonly vendor: Vendor }>>>

/** The vendors of whose workspaces a configuration may have some. */
export const VendorName = Schema.Literals(Struct.keys(loaders))
export type VendorName = typeof VendorName.Type

const isVendorName = Schema.is(VendorName)

/** Returns the vendor that an entry of `workspaces` names. */
export const nameOf = (raw: unknown): VendorName | undefined =>
  Predicate.hasProperty(raw, "vendor") && isVendorName(raw.vendor) ? raw.vendor : undefined

/** Loads one vendor's adapter. */
export const load = (name: VendorName): Effect.Effect<Vendor> =>
  Effect.map(
    Effect.promise((): Promise<{ readonly vendor: Vendor }> => loaders[name]()),
    ({ vendor }) => vendor,
  )
