/** The vendors that have an emulator here: everything that needs a list of them takes it from this one. */
import * as Input from "@openretl/core/driver/Input"
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { ChangeTakes } from "../ChangeTakes.ts"
import type { Emulator } from "../Emulator.ts"
import * as FivetranActivationsEmulator from "../FivetranActivationsEmulator.ts"
import { FivetranActivationsSwitches } from "../FivetranActivationsSwitches.ts"
import * as HightouchEmulator from "../HightouchEmulator.ts"
import { HightouchSwitches } from "../HightouchSwitches.ts"
import { Normalization } from "../Normalization.ts"
import { OmittedFields } from "../OmittedFields.ts"
import * as PolytomicEmulator from "../PolytomicEmulator.ts"
import { PolytomicSwitches } from "../PolytomicSwitches.ts"
import { RateLimit } from "../RateLimit.ts"
import { ReadLag } from "../ReadLag.ts"
import * as RudderStackEmulator from "../RudderStackEmulator.ts"
import { RudderStackSwitches } from "../RudderStackSwitches.ts"
import { RunPlan } from "../RunPlan.ts"
import * as SegmentEmulator from "../SegmentEmulator.ts"
import { SegmentSwitches } from "../SegmentSwitches.ts"
import type { Switches } from "../Switch.ts"
import { SyncOptions } from "../SyncOptions.ts"
import * as ZeotapEmulator from "../ZeotapEmulator.ts"
import { ZeotapSwitches } from "../ZeotapSwitches.ts"
import { wrongIds } from "./control/checks.ts"
import { DurationInput } from "./json/duration.ts"

/** What the package has of one vendor. */
export interface Vendor {
  /** Makes the emulator, with options that all vendors have. */
  readonly make: (options: { readonly speed?: number; readonly seed?: number }) => Effect.Effect<Emulator>
  /** Decodes all options of the emulator, and returns how to make it with its syncs, or everything that is wrong with them. */
  readonly decode: (options: unknown) => Result.Result<Effect.Effect<Emulator>, ReadonlyArray<string>>
  /** Returns what a workspace needs in a configuration, besides the address and the token of its emulator. */
  readonly workspaceFields: (workspace: Emulator["workspace"]) => object
}

const switchesOf = <S extends Switches>(switches: S) =>
  Schema.Struct(
    Object.fromEntries(
      Object.entries(switches).map(([name, { values }]) => [name, Input.optional(Schema.Literals(values))]),
    ),
  )

const common = {
  speed: Input.optional(
    Schema.Number.check(
      Schema.makeFilter((speed: number) => speed > 0 && speed <= 100_000, {
        expected: "a number above 0, at most 100000",
      }),
    ),
  ),
  seed: Input.optional(Input.wholeNumber(0)),
  token: Input.optional(
    Schema.String.check(Schema.isPattern(/^[!-~]+$/, { expected: "a token of printable ASCII without spaces" })),
  ),
  plan: Input.optional(RunPlan),
  readLag: Input.optional(ReadLag),
  changeTakes: Input.optional(ChangeTakes),
  normalization: Input.optional(Schema.Array(Normalization)),
  omittedFields: Input.optional(OmittedFields),
  latency: Input.optional(DurationInput),
  stopTakes: Input.optional(DurationInput),
  limits: Input.optional(Schema.Array(RateLimit)),
  syncs: Input.optional(Schema.Array(SyncOptions)),
}

const Region = Input.optional(Schema.Literals(["us", "eu"]))

/** Completes what the package has of a vendor, from the emulator and the schema of its options. */
const vendor = <Options extends { readonly syncs?: ReadonlyArray<SyncOptions> }>(
  {
    idNames,
    make,
  }: Pick<Emulator, "idNames"> & {
    readonly make: (options: Omit<Options, "syncs">) => Effect.Effect<Emulator>
  },
  schema: Schema.ConstraintDecoder<Options>,
  workspaceFields: Vendor["workspaceFields"],
): Omit<Vendor, "make"> => {
  const decodeOptions = Input.decoder(schema)
  return {
    workspaceFields,
    decode: (value) =>
      Result.mapError(
        Result.flatMap(decodeOptions(value), ({ syncs = [], ...options }) => {
          const issues = syncs.flatMap((sync, index) => wrongIds(idNames, sync, "syncs", String(index)))
          if (issues.length > 0) return Result.fail(issues)
          return Result.succeed(
            Effect.tap(make(options), (emulator) => Effect.forEach(syncs, (sync) => emulator.addSync(sync))),
          )
        }),
        (issues) => issues.map((issue) => FieldIssue.toText([issue])),
      ),
  }
}

/** The vendors by their short names. */
export const vendors = {
  segment: {
    make: SegmentEmulator.make,
    ...vendor(
      SegmentEmulator,
      Schema.Struct({ ...common, region: Region, switches: Input.optional(switchesOf(SegmentSwitches)) }),
      () => ({ region: "us" }),
    ),
  },
  rudderstack: {
    make: RudderStackEmulator.make,
    ...vendor(
      RudderStackEmulator,
      Schema.Struct({ ...common, region: Region, switches: Input.optional(switchesOf(RudderStackSwitches)) }),
      () => ({ region: "us", defaultScope: "incremental" }),
    ),
  },
  zeotap: {
    make: ZeotapEmulator.make,
    ...vendor(
      ZeotapEmulator,
      Schema.Struct({
        ...common,
        workspaceId: Input.optional(Schema.NonEmptyString),
        switches: Input.optional(switchesOf(ZeotapSwitches)),
      }),
      ({ id }) => ({ workspaceId: id }),
    ),
  },
  hightouch: {
    make: HightouchEmulator.make,
    ...vendor(
      HightouchEmulator,
      Schema.Struct({ ...common, switches: Input.optional(switchesOf(HightouchSwitches)) }),
      () => ({ defaultScope: "incremental" }),
    ),
  },
  "fivetran-activations": {
    make: FivetranActivationsEmulator.make,
    ...vendor(
      FivetranActivationsEmulator,
      Schema.Struct({ ...common, switches: Input.optional(switchesOf(FivetranActivationsSwitches)) }),
      ({ id }) => ({ groupId: id, defaultScope: "incremental" }),
    ),
  },
  polytomic: {
    make: PolytomicEmulator.make,
    ...vendor(
      PolytomicEmulator,
      Schema.Struct({ ...common, switches: Input.optional(switchesOf(PolytomicSwitches)) }),
      () => ({ defaultScope: "incremental" }),
    ),
  },
} satisfies Readonly<Record<string, Vendor>>

/** The short names of the vendors. */
export type VendorName = keyof typeof vendors
