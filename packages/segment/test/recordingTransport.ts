/** The client over a transport that records requests and answers from a list. */
import { Transport } from "@openretl/core/Transport"
import type * as RecordingTransport from "@openretl/emulator/RecordingTransport"
import { Effect, Redacted } from "effect"
import * as SegmentClient from "../src/SegmentClient.ts"

export { type Answer, make as recording, onTheWire } from "@openretl/emulator/RecordingTransport"

export const token = "segment-token-4f9a1c"

export const client = (
  transport: RecordingTransport.Recording,
  settings: Partial<SegmentClient.Settings> = {},
): Effect.Effect<SegmentClient.SegmentClient> =>
  SegmentClient.make({
    workspace: "prod",
    baseUrl: SegmentClient.baseUrls.us,
    token: Redacted.make(token),
    ...settings,
  }).pipe(Effect.provideService(Transport, transport.service))
