/** What the configuration needs of one vendor: its ids, its scopes, its options, and how to open a workspace. */
import type { Catalog } from "@openretl/core/Catalog"
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import type * as CoreOptions from "@openretl/core/driver/Options"
import * as FieldIssue from "@openretl/core/FieldIssue"
import type * as Journal from "@openretl/core/Journal"
import type { RetlError } from "@openretl/core/RetlError"
import type { Runs } from "@openretl/core/Runs"
import type { Workspace } from "@openretl/core/Workspace"
import type * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as EffectScope from "effect/Scope"
import * as Struct from "effect/Struct"
import { DurationText } from "./durationText.ts"

/** A workspace with the services that every vendor of a configuration has. The fleet finds further services by the ref. */
export type AnyWorkspace = Workspace<Runs | CurrentWorkspace | Catalog>

export type Issues = ReadonlyArray<FieldIssue.FieldIssue>

/** Every problem at once; an unknown field is one. */
export const strict = { errors: "all", onExcessProperty: "error" } as const

/** The options that stand elsewhere: the name is the workspace's key in the file, and the token is in the environment. */
export interface Elsewhere {
  readonly name: string
  readonly token: CoreOptions.Connection["token"]
  readonly journal: Journal.Service
}

export type OpenWith = (options: Elsewhere) => Effect.Effect<AnyWorkspace, RetlError, EffectScope.Scope>

/** One vendor, as the configuration knows it. */
export interface Vendor {
  /** The schema of the ids that name a sync. */
  readonly ids: Schema.ConstraintDecoder<unknown>
  /** Whether a caller chooses what a run covers. */
  readonly hasScopes: boolean
  /** The schema of a workspace's fields, besides `vendor` and `token`. */
  readonly fields: Schema.Constraint
  /** Decodes these fields. Fails with every problem. */
  readonly decode: (raw: unknown) => Result.Result<OpenWith, Issues>
}

/** A file contains durations as text. */
const durations = {
  rateLimitWithin: Schema.optionalKey(DurationText),
  resolveWithin: Schema.optionalKey(DurationText),
  runAppearsWithin: Schema.optionalKey(DurationText),
  closeWithin: Schema.optionalKey(DurationText),
  readTimeout: Schema.optionalKey(DurationText),
  writeTimeout: Schema.optionalKey(DurationText),
  storeWithin: Schema.optionalKey(DurationText),
  journalLease: Schema.optionalKey(DurationText),
  lookCost: Schema.optionalKey(DurationText),
}

/** Returns the fields of a vendor's options that a file contains. */
export const fieldsOf = <Fields extends Readonly<Record<"name" | "token" | "journal", unknown>>>(fields: Fields) => ({
  ...Struct.omit(fields, ["name", "token", "journal"]),
  ...durations,
})

/** Returns what the configuration needs of a vendor. */
export const make = <Fields extends object>(
  part: Pick<Vendor, "ids" | "hasScopes"> & { readonly fields: Schema.ConstraintDecoder<Fields> },
  open: (options: Fields & Elsewhere) => ReturnType<OpenWith>,
): Vendor => {
  const decode = Schema.decodeUnknownResult(part.fields, strict)
  return {
    ...part,
    decode: (raw) =>
      Result.mapBoth(decode(raw), {
        onSuccess: (fields) => (options: Elsewhere) => open({ ...fields, ...options }),
        onFailure: FieldIssue.fromSchemaError,
      }),
  }
}
