/** What a Segment account has besides runs: models, destinations, and subscriptions with and without a model. */
import type { Ids } from "../../Ids.ts"
import type { DialectContext } from "../../kit/Dialect.ts"
import type { Sync } from "../../kit/Run.ts"
import { reschedule } from "../../kit/Sync.ts"
import * as Timing from "../../kit/Timing.ts"
import type { SegmentSwitches } from "../../SegmentSwitches.ts"
import { type Catalog, type DestinationKind, makeCatalog } from "./catalog.ts"
import * as Schedule from "./schedule.ts"

/** The query that a sync reads its rows with. */
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

/** Where rows and events go. */
export interface Destination {
  readonly id: string
  readonly sourceId: string
  /** It was set up without the API: a switch decides which source it is shown with. */
  readonly isFromOutside: boolean
  readonly kind: DestinationKind
  readonly createdAt: number
  name: string
  enabled: boolean
  settings: Readonly<Record<string, unknown>>
}

/** The key of a sync: one text for two ids, whatever characters they have. */
export const keyOf = (modelId: unknown, subscriptionId: unknown): string => JSON.stringify([modelId, subscriptionId])

/** One emulated account. */
export interface Account extends DialectContext<SegmentSwitches> {
  readonly catalog: Catalog
  /** Models by id. */
  readonly models: Map<string, Model>
  /** Destinations by id. */
  readonly destinations: Map<string, Destination>
  /** Subscriptions to events, by id. They are not syncs, because they have no model. */
  readonly eventSubscriptions: Map<string, Sync>
  readonly hasSource: (id: string) => boolean
  /** The id of the source that a destination is shown with. */
  readonly shownSourceOf: (destination: Destination) => string
  /** Adds a model and a destination; `ids` chooses their ids. Returns the ids of all parts. */
  readonly addParts: (name: string, ids: Ids) => Ids
  /**
   * All subscriptions of a destination: first syncs, then those to events, the oldest first. As they are, or with `asOf` as
   * they were at that instant.
   */
  readonly subscriptionsOf: (destinationId: string, asOf?: number) => ReadonlyArray<Sync>
  /** Removes a subscription, if it is still there. */
  readonly removeSubscription: (sync: Sync, now: number) => void
  /** The syncs of a model. */
  readonly syncsOf: (modelId: string) => ReadonlyArray<Sync>
  /** Whether the sync's model and destination exist and are enabled. */
  readonly hasEnabledParts: (sync: Sync) => boolean
  /** Restarts the sync's schedule, which fires only while its model and destination are enabled. */
  readonly restartSchedule: (sync: Sync, now: number) => void
}

/** Orders subscriptions: syncs before those to events. */
const rankOf = ({ ids }: Sync): number => (ids["model"] === "" ? 1 : 0)

export const makeAccount = (context: DialectContext<SegmentSwitches>): Account => {
  const { world, mint, currentSwitches } = context
  const catalog = makeCatalog(mint)
  const [source, otherSource] = [mint.short("source"), mint.short("source")]
  const sources = new Set([source, otherSource])
  const models = new Map<string, Model>()
  const destinations = new Map<string, Destination>()
  const eventSubscriptions = new Map<string, Sync>()

  const hasEnabledParts = ({ ids, parts }: Sync) =>
    (models.get(ids["model"] ?? "")?.enabled ?? false) &&
    (destinations.get(parts["destination"] ?? "")?.enabled ?? false)

  return {
    ...context,
    catalog,
    models,
    destinations,
    eventSubscriptions,
    hasSource: (id) => sources.has(id),
    shownSourceOf: ({ isFromOutside, sourceId }) =>
      isFromOutside && currentSwitches().destinationSource === "another-source" ? otherSource : sourceId,
    addParts: (name, ids) => {
      const parts = {
        source: ids["source"] ?? source,
        model: ids["model"] ?? mint.short("model"),
        destination: ids["destination"] ?? mint.short("destination"),
        action: catalog.defaultKind.actions[0]?.id ?? "",
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
        kind: catalog.defaultKind,
        createdAt: Number.NEGATIVE_INFINITY,
        name,
        enabled: true,
        settings: { apiKey: mint.token("setting"), retarget: false, region: "us-west-2" },
      })
      return parts
    },
    subscriptionsOf: (destinationId, asOf) => {
      const isThere = ({ parts }: Sync) => parts["destination"] === destinationId
      return asOf === undefined
        ? [...world.syncs.values(), ...eventSubscriptions.values()].filter(isThere)
        : world.history
            .at(asOf)
            .filter(isThere)
            .toSorted((one, other) => rankOf(one) - rankOf(other))
    },
    removeSubscription: (sync, now) => {
      const { model = "", subscription = "" } = sync.ids
      if (!world.history.isCurrent(sync)) return
      if (model !== "") return world.remove(keyOf(model, subscription), now)
      eventSubscriptions.delete(subscription)
      world.history.end(sync, now)
    },
    syncsOf: (modelId) => [...world.syncs.values()].filter(({ ids }) => ids["model"] === modelId),
    hasEnabledParts,
    restartSchedule: (sync, now) => {
      const timing = hasEnabledParts(sync) ? Schedule.timingOf(sync.schedule, now) : Timing.never
      reschedule(sync, now, timing, sync.schedule)
    },
  }
}
