/** A transport that records requests and answers from a list, and the client over it. */
import { Transport } from "@openretl/core/Transport"
import type * as RecordingTransport from "@openretl/emulator/RecordingTransport"
import { Effect, Redacted } from "effect"
import * as FivetranActivationsClient from "../src/FivetranActivationsClient.ts"

export { type Answer, make as recording, onTheWire } from "@openretl/emulator/RecordingTransport"

export const token = "csp_live_4f9a1c77e2"

export const clientOver = (
  transport: RecordingTransport.Recording,
): Effect.Effect<FivetranActivationsClient.FivetranActivationsClient> =>
  FivetranActivationsClient.make({
    workspace: "prod",
    baseUrl: FivetranActivationsClient.baseUrls.us,
    token: Redacted.make(token),
  }).pipe(Effect.provideService(Transport, transport.service))
