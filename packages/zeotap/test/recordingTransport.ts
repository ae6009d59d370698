/** A transport that records requests and answers from a list, and the client over it. */
import { Transport } from "@openretl/core/Transport"
import type * as RecordingTransport from "@openretl/emulator/RecordingTransport"
import { Effect, Redacted } from "effect"
import * as ZeotapClient from "../src/ZeotapClient.ts"
import { workspaceId } from "./fixtures.ts"

export { type Answer, make as recording, onTheWire } from "@openretl/emulator/RecordingTransport"

export const token = "sk_live_4f9a1c77e2"

export const clientOver = (
  transport: RecordingTransport.Recording,
  settings: Partial<ZeotapClient.Settings> = {},
): Effect.Effect<ZeotapClient.ZeotapClient> =>
  ZeotapClient.make({
    workspace: "prod",
    workspaceId,
    baseUrl: ZeotapClient.baseUrl,
    token: Redacted.make(token),
    ...settings,
  }).pipe(Effect.provideService(Transport, transport.service))
