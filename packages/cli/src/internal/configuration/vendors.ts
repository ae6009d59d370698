/** The vendors of a configuration. An adapter is loaded only where the configuration names its vendor: that halves the start-up. */
import * as Context from "effect/Context"
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

interface Loaded {
  readonly vendor: Vendor
}

/** How an adapter is loaded; the program has its own way. */
export const Loader: Context.Reference<(part: () => Promise<Loaded>) => Promise<Loaded>> =
  /* @__PURE__ */ Context.Reference("@openretl/cli/VendorLoader", { defaultValue: () => (part) => part() })

/** Loads one vendor's adapter. */
export const load = (name: VendorName): Effect.Effect<Vendor> =>
  Effect.flatMap(Loader, (loader) =>
    Effect.map(
      Effect.promise(() => loader(loaders[name])),
      ({ vendor }) => vendor,
    ),
  )
