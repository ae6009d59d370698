/** A transport that records requests and answers from a list, and the client over it. */
import { Transport } from "@openretl/core/Transport"
import type * as RecordingTransport from "@openretl/emulator/RecordingTransport"
import { Effect, Redacted } from "effect"
import * as PolytomicClient from "../src/PolytomicClient.ts"

export { type Answer, make as recording, onTheWire } from "@openretl/emulator/RecordingTransport"

export const token = "poly_4f9a1c77e2b0"

export const clientOver = (transport: RecordingTransport.Recording): Effect.Effect<PolytomicClient.PolytomicClient> =>
  PolytomicClient.make({
    workspace: "prod",
    baseUrl: PolytomicClient.baseUrl,
    token: Redacted.make(token),
  }).pipe(Effect.provideService(Transport, transport.service))
