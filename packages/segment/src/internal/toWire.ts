/** Core's requests in Segment's words. Pure. */
import type { PageQuery } from "@openretl/core/driver/Driver"
import * as SegmentApi from "../SegmentApi.ts"
import type { Ids } from "./ids.ts"
import { type PageRequest, requestOf } from "./page.ts"

/** Returns the request that starts a run. */
export const startRequest = ({ source, model, subscription }: Ids): SegmentApi.CreateManualSyncRequest => ({
  sourceId: source,
  modelId: model,
  subscriptionId: subscription,
})

/** Core gives no reason for a cancel: 4 stands for another reason than those that the vendor lists. */
export const cancelRequest: SegmentApi.CancelSyncRequest = { reasonForCanceling: 4 }

/**
 * Returns the page of runs that a query wants. The vendor has no filters: core applies them. It is the largest that may be:
 * where the vendor gives no cursor, runs after the first page are out of reach.
 */
export const pageRequest = ({ cursor, maxSize = SegmentApi.maxCount }: PageQuery): PageRequest =>
  requestOf(cursor, Math.min(SegmentApi.maxCount, Math.max(1, Math.trunc(maxSize))))
