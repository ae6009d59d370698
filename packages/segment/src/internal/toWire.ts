/** Core's questions in Segment's words. Pure. */
import type { PageQuery } from "@openretl/core/Driver"
import type { VendorIds } from "@openretl/core/Ref"
import type * as SegmentApi from "../SegmentApi.ts"

/** The ids of a sync. Core has checked that they are there; an empty one is refused by the client. */
export interface Ids {
  readonly source: string
  readonly model: string
  readonly subscription: string
}

export const idNames = ["source", "model", "subscription"] as const satisfies ReadonlyArray<keyof Ids>

export const ids = (sync: VendorIds): Ids => ({
  source: sync["source"] ?? "",
  model: sync["model"] ?? "",
  subscription: sync["subscription"] ?? "",
})

export const startRequest = ({ source, model, subscription }: Ids): SegmentApi.CreateManualSyncRequest => ({
  sourceId: source,
  modelId: model,
  subscriptionId: subscription,
})

/** Core does not say why it cancels: another reason than those that the vendor lists. */
export const cancelRequest: SegmentApi.CancelSyncRequest = { reasonForCanceling: 4 }

/** The most that the vendor gives at once. */
export const maxCount = 100

/** A page of runs. The vendor has no filters: core applies them. */
export const listQuery = ({ cursor, size = maxCount }: PageQuery): SegmentApi.ListSyncStatusesQuery => ({
  count: Math.min(maxCount, Math.max(1, Math.trunc(size))),
  ...(cursor !== undefined && { cursor }),
})
