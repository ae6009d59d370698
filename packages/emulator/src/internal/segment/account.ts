/** What a Segment account has besides runs: models, destinations, and subscriptions with and without a model. */

import type { Ids } from "../../Emulator.ts"
import type { SegmentSwitches } from "../../SegmentSwitches.ts"
import type { Setting } from "../engine/make.ts"
import { reschedule, type Sync } from "../world/sync.ts"
import * as Timing from "../world/timing.ts"
import { type Catalog, type Kind, makeCatalog } from "./catalog.ts"
import * as Schedules from "./schedule.ts"

export interface Model {
  readonly id: string
  readonly sourceId: string
  readonly createdAt: number
  name: string
  description: string
  enabled: boolean
  query: string
  queryIdentifierColumn: string
}

export interface Destination {
  readonly id: string
  readonly sourceId: string
  /** It was not made through the API: a switch decides which source it is shown with. */
  readonly isFromOutside: boolean
  readonly kind: Kind
  readonly createdAt: number
  name: string
  enabled: boolean
  settings: Readonly<Record<string, unknown>>
}

/** One text for two ids, whatever is in them. */
export const keyOf = (model: unknown, subscription: unknown): string => JSON.stringify([model, subscription])

export interface Account {
  readonly catalog: Catalog
  readonly models: Map<string, Model>
  readonly destinations: Map<string, Destination>
  /** Subscriptions to events, which are no syncs: by id. */
  readonly events: Map<string, Sync>
  readonly hasSource: (id: string) => boolean
  /** The source that a destination is shown with. */
  readonly sourceOf: (destination: Destination) => string
  readonly newParts: (name: string, chosen: Ids) => Ids
  /** Those of a destination, oldest first within each kind. */
  readonly subscriptions: (destination: string) => ReadonlyArray<Sync>
  /** The syncs of a model. */
  readonly syncsOf: (model: string) => ReadonlyArray<Sync>
  /** Whether its model and its destination are there and on. */
  readonly isOn: (sync: Sync) => boolean
  /** Lets it fire by its schedule, or not, as its parts are now. */
  readonly retime: (sync: Sync, now: number) => void
}

export const makeAccount = ({ world, mint, settings }: Setting<SegmentSwitches>): Account => {
  const catalog = makeCatalog(mint)
  const [source, otherSource] = [mint.short("source"), mint.short("source")]
  const sources = new Set([source, otherSource])
  const models = new Map<string, Model>()
  const destinations = new Map<string, Destination>()
  const events = new Map<string, Sync>()

  const isOn = ({ ids, parts }: Sync) =>
    (models.get(ids["model"] ?? "")?.enabled ?? false) &&
    (destinations.get(parts["destination"] ?? "")?.enabled ?? false)

  return {
    catalog,
    models,
    destinations,
    events,
    hasSource: (id) => sources.has(id),
    sourceOf: ({ isFromOutside, sourceId }) =>
      isFromOutside && settings().destinationSource === "another-source" ? otherSource : sourceId,
    newParts: (name, chosen) => {
      const parts = {
        source: chosen["source"] ?? source,
        model: chosen["model"] ?? mint.short("model"),
        destination: chosen["destination"] ?? mint.short("destination"),
        action: catalog.usual.actions[0]?.id ?? "",
      }
      sources.add(parts.source)
      if (!models.has(parts.model)) {
        models.set(parts.model, {
          id: parts.model,
          sourceId: parts.source,
          createdAt: Number.NEGATIVE_INFINITY,
          name,
          description: "",
          enabled: true,
          query: "SELECT id, email FROM users",
          queryIdentifierColumn: "id",
        })
      }
      destinations.set(parts.destination, {
        id: parts.destination,
        sourceId: parts.source,
        isFromOutside: true,
        kind: catalog.usual,
        createdAt: Number.NEGATIVE_INFINITY,
        name,
        enabled: true,
        settings: { apiKey: mint.token("setting"), retarget: false, region: "us-west-2" },
      })
      return parts
    },
    subscriptions: (destination) =>
      [...world.syncs.values(), ...events.values()].filter(({ parts }) => parts["destination"] === destination),
    syncsOf: (model) => [...world.syncs.values()].filter(({ ids }) => ids["model"] === model),
    isOn,
    retime: (sync, now) => {
      reschedule(sync, now, isOn(sync) ? Schedules.timing(sync.schedule, now) : Timing.never, sync.schedule)
    },
  }
}
