/**
 * A mapping in core's words, from its subscription, its model and its destination. Pure functions that accept every
 * decoded answer.
 */
import type { Snapshot } from "@openretl/core/driver/Catalog"
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
  const { mapping = undefined, unreadMapping = [] } = settings === undefined ? {} : Mapping.fromSettings(settings)
  const maskedSettings = Mapping.maskedPaths(destination.settings ?? {})
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
    native: parts,
  }
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
