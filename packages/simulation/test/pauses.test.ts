/** A pause is sent at once, whatever else the workspace waits for. */
import { describe, expect, it } from "@effect/vitest"
import * as ProcessState from "@openretl/core/ProcessState"
import { SyncRef } from "@openretl/core/Ref"
import { Transport } from "@openretl/core/Transport"
import * as Fault from "@openretl/emulator/Fault"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { begin } from "../src/begin.ts"
import { administrationOf, configurableVendors, creationOf } from "../src/configurableVendors.ts"

describe("a pause beside 20 queued creates, or other changes where the vendor has none, and a names endpoint that hangs", () => {
  it.effect.each(configurableVendors)("A4: at $name: is sent within the rate limit's own wait", (vendor) =>
    Effect.gen(function* () {
      const emulator = yield* vendor.emulator({})
      const ids = yield* emulator.addSync()
      // Segment's refs may name the destination: without it, its mappings are searched for.
      const [
        {
          parts: { destination = "" },
        } = expect.fail(),
      ] = yield* emulator.syncs
      const refIds = vendor.name === "segment" ? { ...ids, destination } : ids
      const ref = new SyncRef({ workspace: "sim", vendor: vendor.name, ids: refIds })
      const administration = yield* administrationOf(vendor, emulator).pipe(
        Effect.provideService(Transport, emulator.transport),
        Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()),
      )
      const always = { times: Number.POSITIVE_INFINITY }
      const other = yield* emulator.addSync()
      yield* emulator.addFaults(
        Fault.lost("create", { ...always, commits: true }),
        Fault.lost("update", { ...always, commits: true, sync: other }),
        Fault.slow("parts", { ...always, latency: "1 hour" }),
      )
      const create = creationOf(vendor, administration)
      const work =
        create === undefined
          ? administration.resume(new SyncRef({ workspace: "sim", vendor: vendor.name, ids: other }))
          : create(yield* emulator.addParts(), { name: "new", enabled: true })
      const others = yield* Effect.forEach(Array.from({ length: 20 }), () => begin(Effect.exit(work)))
      // The first one has sent its request, and is looked for; the others wait for it.
      yield* TestClock.adjust("30 seconds")
      const begunAt = yield* emulator.now
      const fiber = yield* begin(administration.pause(ref))
      yield* TestClock.adjust("10 minutes")
      expect(yield* Fiber.join(fiber)).toMatchObject({ state: "paused" })
      const sent = (yield* emulator.calls).filter(({ operation, at }) => operation === "update" && at >= begunAt)
      expect(sent.length).toBe(1)
      expect((sent[0]?.at ?? 0) - begunAt).toBeLessThan(5_000)
      yield* Fiber.interruptAll(others)
    }),
  )
})
