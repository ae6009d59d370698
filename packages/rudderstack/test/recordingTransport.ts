/** The client over a transport that records what is sent and answers from a list. */
import { Transport } from "@openretl/core/Transport"
import type * as RecordingTransport from "@openretl/emulator/RecordingTransport"
import { Effect, Redacted } from "effect"
import { connect } from "../src/internal/connect.ts"
import * as RudderStackClient from "../src/RudderStackClient.ts"
import * as RunsClient from "../src/RudderStackRunsClient.ts"

export { type Answer, make as recording, onTheWire } from "@openretl/emulator/RecordingTransport"

export const token = "rs-token-4f9a1c"

const settingsOf = (settings: Partial<RudderStackClient.Settings> = {}): RudderStackClient.Settings => ({
  workspace: "prod",
  baseUrl: RudderStackClient.baseUrls.us,
  token: Redacted.make(token),
  ...settings,
})

export const client = (
  transport: RecordingTransport.Recording,
  settings: Partial<RudderStackClient.Settings> = {},
): Effect.Effect<RudderStackClient.RudderStackClient> =>
  RudderStackClient.make(settingsOf(settings)).pipe(Effect.provideService(Transport, transport.service))

export const runsClient = (transport: RecordingTransport.Recording): Effect.Effect<RunsClient.RudderStackRunsClient> =>
  connect(settingsOf()).pipe(Effect.map(RunsClient.make), Effect.provideService(Transport, transport.service))
