/** What only Segment knows of a mapping that is to be, or to be different: checked, and in wire terms. Pure. */
import type { Change, Definition } from "@openretl/core/Change"
import * as Reader from "@openretl/core/driver/Reader"
import { request } from "@openretl/core/driver/schema/Reader"
import * as FieldIssue from "@openretl/core/FieldIssue"
import type { Schedule } from "@openretl/core/Schedule"
import { VendorId } from "@openretl/core/schema/Ref"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Mapping from "./mapping.ts"

const vendor = "segment"

/** A mapping that is to be. */
export interface NewSync {
  readonly name: string
  /** The id of the model's source. */
  readonly source: string
  readonly model: string
  readonly destination: string
  /** One of the destination's `metadata.actions`; it cannot be changed later. */
  readonly action: string
  /** Which rows it is for, in Segment's filter language: `event = "new" or event = "updated"`. */
  readonly trigger: string
  /** What the action's fields are filled with: `{ email: { "@path": "$.properties.email" } }`. */
  readonly settings?: Readonly<Record<string, Schema.Json>>
  /** @default false */
  readonly enabled?: boolean
  /** @default manual */
  readonly schedule?: Schedule
}

/** What is to be different about a mapping; whatever is absent stays as it is. */
export interface SyncChange {
  readonly name?: string
  readonly enabled?: boolean
  readonly schedule?: Schedule
  readonly trigger?: string
  /**
   * All of them, as they are to be: whether Segment merges them into those that are there, or replaces these, is not
   * documented. Where one of the old ones stays, that is a `ChangeIncomplete`. One that is shown masked is sent each
   * time, for it may be another; a mask in its place is refused.
   */
  readonly settings?: Readonly<Record<string, Schema.Json>>
}

export const NewSpec = Schema.Struct({
  sourceId: VendorId,
  modelId: VendorId,
  destinationId: VendorId,
  actionId: VendorId,
  trigger: Schema.String,
  settings: Schema.optionalKey(Schema.JsonObject),
})
export type NewSpec = typeof NewSpec.Type

export const ChangeSpec = Schema.Struct({
  trigger: Schema.optionalKey(Schema.String),
  settings: Schema.optionalKey(Schema.JsonObject),
})
export type ChangeSpec = typeof ChangeSpec.Type

export const definition = ({ name, enabled, schedule, ...own }: NewSync): Definition => {
  // What has no place here goes along, to be refused by its name.
  const { source, model, destination, action, trigger, settings, ...strange } = own
  const spec: NewSpec = {
    ...strange,
    sourceId: source,
    modelId: model,
    destinationId: destination,
    actionId: action,
    trigger,
    ...(settings !== undefined && { settings }),
  }
  return {
    name,
    ...(enabled !== undefined && { enabled }),
    ...(schedule !== undefined && { schedule }),
    part: { vendor, spec },
  }
}

export const change = ({ name, enabled, schedule, trigger, settings, ...strange }: SyncChange): Change => {
  const spec: ChangeSpec = {
    ...strange,
    ...(trigger !== undefined && { trigger }),
    ...(settings !== undefined && { settings }),
  }
  return {
    ...(name !== undefined && { name }),
    ...(enabled !== undefined && { enabled }),
    ...(schedule !== undefined && { schedule }),
    ...(Object.keys(spec).length > 0 && { part: { vendor, spec } }),
  }
}

/** The spec of a definition, and of a part of a change, once they were checked. */
export const newSpec = Schema.decodeUnknownOption(NewSpec)
export const changeSpec = (spec: unknown): ChangeSpec =>
  Option.getOrElse(Schema.decodeUnknownOption(ChangeSpec)(spec), () => ({}))

export const definitionProblems = ({ name, part }: Definition): ReadonlyArray<FieldIssue.FieldIssue> => [
  ...(name === undefined ? [{ path: ["name"], message: "Expected a name: Segment's mappings have one" }] : []),
  ...problems(NewSpec, part.spec),
]

export const changeProblems = ({ part }: Change): ReadonlyArray<FieldIssue.FieldIssue> =>
  part === undefined ? [] : problems(ChangeSpec, part.spec)

const problems = <S extends { readonly settings?: Schema.JsonObject }>(
  schema: Schema.Decoder<S>,
  spec: unknown,
): ReadonlyArray<FieldIssue.FieldIssue> => {
  const checked = Reader.read(request(schema), spec)
  const found = Result.isSuccess(checked)
    ? Mapping.masks(checked.success.settings ?? {}).map((path) => ({ path, message: mask }))
    : checked.failure
  return FieldIssue.within(["part", "spec"], found)
}

const mask = "Expected the value itself, found what Segment shows in its place: sent back, it would replace the secret"
