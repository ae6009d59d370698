export * as Segment from "./Segment.ts"
export * as SegmentApi from "./SegmentApi.ts"
export * as SegmentClient from "./SegmentClient.ts"
export * as SegmentFacts from "./SegmentFacts.ts"
