/** Segment's part of a mapping to create or to change: what callers write, and what core decodes. Pure. */
import type { Change, Definition } from "@openretl/core/Change"
import * as Input from "@openretl/core/driver/Input"
import type { JsonObject } from "@openretl/core/driver/Json"
import type { FieldIssue } from "@openretl/core/FieldIssue"
import { VendorId } from "@openretl/core/Ref"
import type { Schedule } from "@openretl/core/Schedule"
import * as Schema from "effect/Schema"
import { vendor } from "./connect.ts"
import * as Mapping from "./mapping.ts"

/** A mapping to create. */
export interface NewSync {
  readonly name: string
  /** The id of the model's source. */
  readonly source: string
  /** The id of the model. */
  readonly model: string
  /** The id of the destination. */
  readonly destination: string
  /** The id of one of the destination's `metadata.actions`; it cannot be changed later. */
  readonly action: string
  /** Which rows the mapping takes, in Segment's filter language: `event = "new" or event = "updated"`. */
  readonly trigger: string
  /** The values of the action's fields: `{ email: { "@path": "$.properties.email" } }`. @default none */
  readonly settings?: JsonObject
  /** Whether the mapping is switched on. @default false */
  readonly enabled?: boolean
  /** When the mapping fires by itself. @default manual */
  readonly schedule?: Schedule
}

/** What is to change of a mapping; what is absent stays as it is. */
export interface SyncChange {
  /** The name of the mapping, at least one character. */
  readonly name?: string
  /** Whether the mapping is switched on. */
  readonly enabled?: boolean
  /** When the mapping fires by itself. */
  readonly schedule?: Schedule
  /** Which rows the mapping takes, in Segment's filter language. */
  readonly trigger?: string
  /**
   * All settings as they are to be: whether Segment merges them into the present ones, or replaces these, is not
   * documented. Where a present setting stays, the change fails with `ChangeIncomplete`. A value that Segment shows
   * masked is sent each time, since it may differ; a mask in place of a value is refused.
   */
  readonly settings?: JsonObject
}

/** Segment's part of a new mapping. */
export const Spec = Schema.Struct({
  sourceId: VendorId,
  modelId: VendorId,
  destinationId: VendorId,
  actionId: VendorId,
  trigger: Schema.String,
  settings: Input.optional(Input.JsonObject),
})
export interface Spec extends Schema.Schema.Type<typeof Spec> {}

/** Segment's part of a change. */
export const ChangedSpec = Schema.Struct({
  trigger: Input.optional(Schema.String),
  settings: Input.optional(Input.JsonObject),
})
export interface ChangedSpec extends Schema.Schema.Type<typeof ChangedSpec> {}

/** Returns the definition of a new mapping. Unknown fields go into the spec, where core refuses them by their names. */
export const definition = ({
  name,
  enabled,
  schedule,
  source,
  model,
  destination,
  action,
  ...fields
}: NewSync): Definition => ({
  name,
  ...(enabled !== undefined && { enabled }),
  ...(schedule !== undefined && { schedule }),
  part: {
    vendor,
    spec: { ...fields, sourceId: source, modelId: model, destinationId: destination, actionId: action },
  },
})

/** Returns the change of a mapping. Unknown fields go into the spec, where core refuses them by their names. */
export const change = ({ name, enabled, schedule, ...fields }: SyncChange): Change => ({
  ...(name !== undefined && { name }),
  ...(enabled !== undefined && { enabled }),
  ...(schedule !== undefined && { schedule }),
  ...(Object.values(fields).some((value) => value !== undefined) && { part: { vendor, spec: fields } }),
})

/**
 * Returns the problems of a new mapping or a change that its schema cannot name: masks among its settings.
 */
export const maskIssues = ({ spec }: { readonly spec?: ChangedSpec }): ReadonlyArray<FieldIssue> =>
  Mapping.maskPaths(spec?.settings ?? {}).map((path) => ({
    path: ["part", "spec", ...path],
    message: "Expected the value itself, found the mask that Segment shows: sent back, it would replace the secret",
  }))
