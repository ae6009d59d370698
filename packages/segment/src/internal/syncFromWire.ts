/** A mapping in core's words, from the subscription, its model and its destination. Pure, and total on what decodes. */
import type { Snapshot } from "@openretl/core/Catalog"
import type { State } from "@openretl/core/Sync"
import * as Schema from "effect/Schema"
import { Destination } from "../SegmentDestinationsApi.ts"
import { Model } from "../SegmentModelsApi.ts"
import { Subscription } from "../SegmentSubscriptionsApi.ts"
import * as Mapping from "./mapping.ts"
import * as Schedules from "./schedule.ts"

/** What a mapping is made of, as Segment tells it: the payload of a sync. */
export const Parts = Schema.Struct({
  subscription: Subscription,
  /** Absent where it is gone, or was not read: the answer to a creation shows the subscription alone. */
  model: Schema.optionalKey(Model),
  destination: Schema.optionalKey(Destination),
})
export type Parts = typeof Parts.Type

/** What is known of a mapping from elsewhere than its parts. */
export interface Known {
  readonly source: string
  readonly model: string
  readonly destination: string
  /** The model was looked for, and is not there. */
  readonly isModelGone?: boolean
}

export const snapshot = (parts: Parts, known: Known): Snapshot => {
  const { subscription, model, destination } = parts
  const { enabled, name = "", settings } = subscription
  const { mapping = undefined, unreadMapping = [] } = settings === undefined ? {} : Mapping.read(settings)
  const maskedSettings = Mapping.masked(destination?.settings ?? {})
  const key = model?.queryIdentifierColumn ?? ""
  return {
    ids: { source: known.source, model: known.model, subscription: subscription.id },
    ...(name !== "" && { name }),
    connection: {
      source: { id: known.model, ...named(model?.name), kind: "model" },
      destination: {
        id: known.destination,
        ...named(destination?.name || destination?.metadata?.name),
        ...(destination?.metadata?.slug && { kind: destination.metadata.slug }),
      },
    },
    ...stateOf(parts, known),
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

/** A mapping runs where it, its model and its destination are all on. */
const stateOf = (
  { subscription, model, destination }: Parts,
  { isModelGone = false }: Known,
): { readonly state: State; readonly stateText?: string } => {
  if (isModelGone) return { state: "error", stateText: "the model is not there any more" }
  const all = { mapping: subscription.enabled, model: model?.enabled, destination: destination?.enabled }
  const off = Object.entries(all).flatMap(([part, enabled]) => (enabled === false ? [part] : []))
  if (off.length > 0) return { state: "paused", stateText: `disabled: ${off.join(", ")}` }
  return { state: Object.values(all).includes(undefined) ? "unknown" : "enabled" }
}
