/**
 * A mapping in core's words, from its subscription, its model and its destination. Pure functions that accept every
 * decoded answer.
 */
import type { Snapshot } from "@openretl/core/driver/Catalog"
import * as Mask from "@openretl/core/driver/Mask"
import * as VendorFields from "@openretl/core/driver/VendorFields"
import type { State } from "@openretl/core/Sync"
import * as Schema from "effect/Schema"
import { Destination } from "../SegmentDestinationsApi.ts"
import { Model } from "../SegmentModelsApi.ts"
import { Subscription } from "../SegmentSubscriptionsApi.ts"
import type { Ids } from "./ids.ts"
import * as Mapping from "./mapping.ts"
import * as Schedules from "./schedule.ts"

/** The parts of a mapping as Segment reports them: the payload of a sync. */
export const Parts = Schema.Struct({
  subscription: Subscription,
  /** Absent where the model is gone, or was not read. */
  model: Schema.optionalKey(Model),
  /** The id alone where the destination was not read. */
  destination: Destination,
})
export interface Parts extends Schema.Schema.Type<typeof Parts> {}

/** What a mapping's parts may not say. */
export interface Origin {
  /** The id of the model's source. */
  readonly source: string
  /** The id of the model. */
  readonly model: string
  /** Whether the adapter looked for the model and did not find it. @default false */
  readonly isModelGone?: boolean
}

/** Returns a mapping in core's words. */
export const snapshot = (parts: Parts, origin: Origin): Snapshot<Ids, Parts> => {
  const { subscription, model, destination } = parts
  const { enabled, name = "", settings } = subscription
  const filled = settings === undefined ? undefined : Mapping.fromSettings(settings)
  const { mapping, unreadMapping = [] } = filled ?? {}
  const maskedSettings = Mask.paths(destination.settings, "settings", Mapping.isMasked)
  const key = model?.queryIdentifierColumn ?? ""
  return {
    ids: { source: origin.source, model: origin.model, subscription: subscription.id, destination: destination.id },
    ...(name !== "" && { name }),
    connection: {
      source: { id: origin.model, ...named(model?.name), kind: "model" },
      destination: {
        id: destination.id,
        ...named(destination.name || destination.metadata?.name),
        ...(destination.metadata?.slug && { kind: destination.metadata.slug }),
      },
    },
    ...stateOf(parts, origin),
    ...(enabled !== undefined && { isSwitchedOn: enabled }),
    vendorState: enabled === undefined ? "" : enabled ? "enabled" : "disabled",
    mode: "events",
    ...(key !== "" && { primaryKey: [key] }),
    ...(mapping !== undefined && { mapping }),
    ...(unreadMapping.length > 0 && { unreadMapping }),
    ...(maskedSettings.length > 0 && { maskedSettings }),
    ...Schedules.decode(subscription.reverseETLSchedule),
    ...VendorFields.all(
      VendorFields.of({ payload: subscription, handlings: subscriptionFields }),
      { vendorFields: filled?.vendorFields ?? [] },
      ...(model === undefined ? [] : [VendorFields.of({ name: "model", payload: model, handlings: modelFields })]),
      VendorFields.of({ name: "destination", payload: destination, handlings: destinationFields }),
    ),
    native: parts,
  }
}

const subscriptionFields: VendorFields.Handlings<Parts["subscription"]> = {
  ...{ id: "covered", name: "covered", destinationId: "covered", modelId: "covered", enabled: "covered" },
  ...{ settings: "covered", reverseETLSchedule: "covered" },
  ...{ trigger: "shown", actionId: "shown", actionSlug: "shown" },
}

const modelFields: VendorFields.Handlings<Model> = {
  ...{ id: "covered", sourceId: "covered", name: "covered", description: "covered", enabled: "covered" },
  ...{ queryIdentifierColumn: "covered", query: "shown" },
}

/** A person sets the destination up elsewhere: its settings, which may hold secrets, are named and not shown. */
const destinationFields: VendorFields.Handlings<Destination> = {
  ...{ id: "covered", sourceId: "covered", name: "covered", enabled: "covered", metadata: "covered" },
  settings: "unread",
}

const named = (name: string | undefined): { readonly name?: string } => (name ? { name } : {})

/** Returns the state of a mapping: it runs where it, its model and its destination are all enabled. */
const stateOf = (
  { subscription, model, destination }: Parts,
  { isModelGone = false }: Origin,
): { readonly state: State; readonly stateText?: string } => {
  if (isModelGone) return { state: "error", stateText: "the model does not exist any more" }
  const switches = { mapping: subscription.enabled, model: model?.enabled, destination: destination.enabled }
  const disabled = Object.entries(switches).flatMap(([part, enabled]) => (enabled === false ? [part] : []))
  if (disabled.length > 0) return { state: "paused", stateText: `disabled: ${disabled.join(", ")}` }
  return { state: Object.values(switches).includes(undefined) ? "unknown" : "enabled" }
}
