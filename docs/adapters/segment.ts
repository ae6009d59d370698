/** What the docs print about Segment's adapter. */
import { SegmentSwitches } from "@openretl/emulator"
import { SegmentAdmin, SegmentFacts } from "@openretl/segment"
import type { SegmentClient } from "@openretl/segment/SegmentClient"
import { Effect } from "effect"
import { allOf, common, type Documented } from "./Documented.ts"

const rows = allOf<SegmentClient>()([
  ["GET /", "getWorkspace", "documented"],
  ["GET /reverse-etl-models", "listModels", "documented"],
  ["POST /reverse-etl-models", "createModel", "documented"],
  ["GET /reverse-etl-models/{modelId}", "getModel", "documented"],
  ["PATCH /reverse-etl-models/{modelId}", "updateModel", "documented"],
  ["DELETE /reverse-etl-models/{modelId}", "deleteModel", "documented"],
  ["POST /reverse-etl-syncs", "createManualSync", "documented"],
  ["GET /reverse-etl-models/{modelId}/syncs/{syncId}", "getSyncStatus", "documented"],
  ["GET /reverse-etl-models/{modelId}/subscriptionId/{subscriptionId}/syncs", "listSyncStatuses", "documented"],
  ["POST /reverse-etl-models/{modelId}/syncs/{syncId}/cancel", "cancelSync", "documented"],
  ["GET /destinations", "listDestinations", "documented"],
  ["POST /destinations", "createDestination", "documented"],
  ["GET /destinations/{destinationId}", "getDestination", "documented"],
  ["PATCH /destinations/{destinationId}", "updateDestination", "documented"],
  ["DELETE /destinations/{destinationId}", "deleteDestination", "documented"],
  ["GET /destinations/{destinationId}/subscriptions", "listSubscriptions", "documented"],
  ["POST /destinations/{destinationId}/subscriptions", "createSubscription", "documented"],
  ["GET /destinations/{destinationId}/subscriptions/{id}", "getSubscription", "documented"],
  ["PATCH /destinations/{destinationId}/subscriptions/{id}", "updateSubscription", "documented"],
  ["DELETE /destinations/{destinationId}/subscriptions/{id}", "deleteSubscription", "documented"],
  ["GET /destinations/{destinationId}/delivery-metrics", "getDeliveryMetrics", "documented"],
])

export const segment: Documented = {
  title: "Segment",
  facts: SegmentFacts.facts,
  driver: Effect.map(SegmentAdmin.client({ ...common, region: "us" }), (client) => SegmentAdmin.driver(client)),
  schedules: SegmentAdmin.schedules,
  switches: SegmentSwitches,
  endpoints: { rows, note: "The Public API: Reverse ETL and Destinations." },
}
