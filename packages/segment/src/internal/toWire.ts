/** Core's questions in Segment's words. Pure. */
import type { PageQuery } from "@openretl/core/driver/Driver"
import type { VendorIds } from "@openretl/core/Ref"
import * as SegmentApi from "../SegmentApi.ts"

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

/**
 * A page of runs. The vendor has no filters: core applies them. The most is always asked for: where pages turn out not to
 * turn, what is behind the first is out of reach.
 */
export const listQuery = ({ cursor }: PageQuery): SegmentApi.ListSyncStatusesQuery => ({
  count: SegmentApi.maxCount,
  ...(cursor !== undefined && { cursor }),
})
