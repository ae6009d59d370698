/** A transport that records requests and answers from a list, and the client over it. */
import { Transport } from "@openretl/core/Transport"
import type * as RecordingTransport from "@openretl/emulator/RecordingTransport"
import { Effect, Redacted } from "effect"
import * as HightouchClient from "../src/HightouchClient.ts"

export { type Answer, make as recording, onTheWire } from "@openretl/emulator/RecordingTransport"

export const token = "ht_live_4f9a1c77e2"

export const clientOver = (transport: RecordingTransport.Recording): Effect.Effect<HightouchClient.HightouchClient> =>
  HightouchClient.make({
    workspace: "prod",
    baseUrl: HightouchClient.baseUrl,
    token: Redacted.make(token),
  }).pipe(Effect.provideService(Transport, transport.service))
