/** The client over a transport that records what is sent and answers from a list. */
import { Transport } from "@openretl/core/Transport"
import type * as RecordingTransport from "@openretl/emulator/RecordingTransport"
import { Effect, Redacted } from "effect"
import * as RudderStackClient from "../src/RudderStackClient.ts"

export { type Answer, make as recording, onTheWire } from "@openretl/emulator/RecordingTransport"

export const token = "rs-token-4f9a1c"

export const client = (
  transport: RecordingTransport.Recording,
  settings: Partial<RudderStackClient.Settings> = {},
): Effect.Effect<RudderStackClient.RudderStackClient> =>
  RudderStackClient.make({
    workspace: "prod",
    baseUrl: RudderStackClient.baseUrls.us,
    token: Redacted.make(token),
    ...settings,
  }).pipe(Effect.provideService(Transport, transport.service))
