/** Segment's part of a mapping to create or to change: what callers write, and what core decodes. Pure. */
import type { Change, Definition } from "@openretl/core/Change"
import * as Input from "@openretl/core/driver/Input"
import type { JsonObject } from "@openretl/core/driver/Json"
import { VendorId } from "@openretl/core/Ref"
import type { Schedule } from "@openretl/core/Schedule"
import * as Schema from "effect/Schema"
import { vendor } from "./connect.ts"

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
  /** Texts among the fields that look like the mask of a secret and are meant as they are. @default none */
  readonly literal?: ReadonlyArray<string>
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
  /** Texts among the fields that look like the mask of a secret and are meant as they are. @default none */
  readonly literal?: ReadonlyArray<string>
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
export const definition = (input: NewSync): Definition => {
  const { name, enabled, schedule, literal, source, model, destination, action, ...fields } = Input.fields(input)
  return {
    name,
    ...(enabled !== undefined && { enabled }),
    ...(schedule !== undefined && { schedule }),
    part: {
      vendor,
      spec: { ...fields, sourceId: source, modelId: model, destinationId: destination, actionId: action },
      ...(literal !== undefined && { literal }),
    },
  }
}

/** Returns the change of a mapping. Unknown fields go into the spec, where core refuses them by their names. */
export const change = (input: SyncChange): Change => {
  const { name, enabled, schedule, literal, ...fields } = Input.fields(input)
  return {
    ...(name !== undefined && { name }),
    ...(enabled !== undefined && { enabled }),
    ...(schedule !== undefined && { schedule }),
    ...(Object.values(fields).some((value) => value !== undefined) && {
      part: { vendor, spec: fields, ...(literal !== undefined && { literal }) },
    }),
  }
}
