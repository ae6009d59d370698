/** The client over an emulator. The clock starts on 20 August 2026. */
import { Transport } from "@openretl/core/Transport"
import * as SegmentEmulator from "@openretl/emulator/SegmentEmulator"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import * as SegmentClient from "../src/SegmentClient.ts"

export const now = Date.UTC(2026, 7, 20, 16, 0, 0)

export const emulated = Effect.fnUntraced(function* (options: SegmentEmulator.Options = {}) {
  yield* TestClock.setTime(now)
  const emulator = yield* SegmentEmulator.make(options)
  const api = yield* SegmentClient.make({
    workspace: "prod",
    baseUrl: emulator.baseUrl,
    token: Redacted.make(emulator.token),
  }).pipe(Effect.provideService(Transport, emulator.transport))
  return { emulator, api }
})

/** Makes an emulator with the parts of a sync, and the client over it. */
export const withParts = Effect.fnUntraced(function* (options: SegmentEmulator.Options = {}) {
  const emulation = yield* emulated(options)
  const parts = yield* emulation.emulator.addParts()
  const { source = "", model = "", destination = "", action = "" } = parts
  return { ...emulation, source, model, destination, action }
})

/** Returns the paths of a failure's issues, in alphabetical order. */
export const pathsOf = (failure: {
  readonly reason: { readonly _tag: string; readonly issues?: ReadonlyArray<{ readonly path: ReadonlyArray<string> }> }
}): ReadonlyArray<string> => (failure.reason.issues ?? []).map(({ path }) => path.join(".")).sort()
