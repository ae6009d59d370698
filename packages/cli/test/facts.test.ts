/** What doctor's reads show about the facts of each vendor, at every value of the emulator's switches of the same facts. */
import { describe, expect, it } from "@effect/vitest"
import * as Journal from "@openretl/core/Journal"
import * as Transport from "@openretl/core/Transport"
import type { Emulator } from "@openretl/emulator/Emulator"
import * as FivetranActivations from "@openretl/emulator/FivetranActivationsEmulator"
import { FivetranActivationsSwitches } from "@openretl/emulator/FivetranActivationsSwitches"
import * as Hightouch from "@openretl/emulator/HightouchEmulator"
import { HightouchSwitches } from "@openretl/emulator/HightouchSwitches"
import * as Polytomic from "@openretl/emulator/PolytomicEmulator"
import { PolytomicSwitches } from "@openretl/emulator/PolytomicSwitches"
import * as RudderStack from "@openretl/emulator/RudderStackEmulator"
import { RudderStackSwitches } from "@openretl/emulator/RudderStackSwitches"
import * as Segment from "@openretl/emulator/SegmentEmulator"
import { SegmentSwitches } from "@openretl/emulator/SegmentSwitches"
import type { Switches } from "@openretl/emulator/Switch"
import * as Zeotap from "@openretl/emulator/ZeotapEmulator"
import { ZeotapSwitches } from "@openretl/emulator/ZeotapSwitches"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Configuration from "../src/Configuration.ts"
import * as Facts from "../src/internal/commands/observing.ts"
import type { Answer } from "../src/internal/facts/answer.ts"

const vendors: Readonly<Record<string, { readonly make: Effect.Effect<Emulator>; readonly switches: Switches }>> = {
  segment: { make: Segment.make(), switches: SegmentSwitches },
  rudderstack: { make: RudderStack.make(), switches: RudderStackSwitches },
  zeotap: { make: Zeotap.make(), switches: ZeotapSwitches },
  hightouch: { make: Hightouch.make(), switches: HightouchSwitches },
  "fivetran-activations": { make: FivetranActivations.make(), switches: FivetranActivationsSwitches },
  polytomic: { make: Polytomic.make(), switches: PolytomicSwitches },
}

const fieldsOf = (vendor: string, { workspace }: Emulator) => ({
  ...(vendor === "zeotap" ? { workspaceId: workspace.id } : {}),
  ...(vendor === "segment" || vendor === "rudderstack" ? { region: "us" } : {}),
  ...(vendor === "segment" || vendor === "zeotap" ? {} : { defaultScope: "incremental" }),
})

/** Values that are not the default, and agree with the claim of the fact. */
const agreeing: Readonly<Record<string, ReadonlyArray<string>>> = {
  "hightouch/page-size": ["100"],
  // It differs in the answer of a trigger alone.
  "hightouch/id-form": ["numbers"],
}

/** An account with a paused sync, and with a sync of 120 runs, of which the first one failed and the last one is under way. */
const makeAccount = Effect.fnUntraced(function* (make: Effect.Effect<Emulator>) {
  const emulator = yield* make
  const busy = yield* emulator.addSync({ schedule: { every: "1 hour" }, plan: { duration: "50 minutes" } })
  yield* emulator.script(busy, [{ duration: "50 minutes", ends: "failed" }])
  yield* emulator.setState(yield* emulator.addSync(), "paused")
  yield* TestClock.adjust("5 days")
  yield* TestClock.adjust("10 minutes")
  return { emulator, busy }
})

/** Reads what doctor reads, and returns what became of each fact. */
const factsOf = Effect.fnUntraced(function* (
  vendor: string,
  { emulator, busy }: Effect.Success<ReturnType<typeof makeAccount>>,
) {
  const answers: Array<Answer> = []
  const transport: Transport.Service = {
    send: (request) =>
      Effect.tap(emulator.transport.send(request), (response) =>
        Effect.sync(() => answers.push(Facts.answerOf(request, response))),
      ),
  }
  const workspace = { vendor, token: { env: "TOKEN" }, ...fieldsOf(vendor, emulator) }
  const document = { workspaces: { it: workspace }, syncs: { busy: { workspace: "it", ids: busy } } }
  const configuration = yield* Configuration.decode(document, { env: { TOKEN: emulator.token } })
  yield* Effect.gen(function* () {
    const fleet = yield* configuration.open(Journal.memory())
    yield* Stream.runCollect(fleet.syncs)
    // Two pages show the first run and the last one, in either order. Zeotap's lists have one.
    const count = vendor === "zeotap" ? 20 : 120
    for (const { ref } of configuration.syncs) yield* Stream.runCollect(Stream.take(fleet.list(ref), count))
  }).pipe(Effect.scoped, Effect.provideService(Transport.Transport, transport))
  const settled = Facts.settled(yield* Facts.load(vendor), answers)
  return new Map(settled.map(({ fact, holds }) => [fact.id, holds]))
})

/** What a list answers where it fails, whichever vendor has it. */
const failures = [401, 404, 429, 500].flatMap((status) =>
  ["/syncs", "/syncs/1/runs", "/syncs/1/sync_runs", "/syncs/1/executions", "/reverse-etl-models/1/syncs"].map(
    (path): Answer => ({
      path,
      query: new URLSearchParams(),
      status,
      headers: { "content-type": "text/html" },
      body: { message: "no" },
    }),
  ),
)

/** Pages of a proxy, which no vendor has written. */
const pages = failures.map((failure): Answer => ({ ...failure, status: 200, body: undefined }))

describe.each(Object.entries(vendors))("%s", (vendor, { make, switches }) => {
  it.effect.each([
    ["that is a failure", failures],
    ["that is no JSON", pages],
  ] as const)("an answer %s settles no fact", ([, answers]) =>
    Effect.gen(function* () {
      expect(Facts.settled(yield* Facts.load(vendor), answers)).toEqual([])
    }),
  )

  it.effect("every fact that a read settles holds at the defaults", () =>
    Effect.gen(function* () {
      const { facts: all, settling } = yield* Facts.load(vendor)
      const facts = all.filter(({ id }) => id in settling)
      expect(facts).toHaveLength(Object.keys(settling).length)
      expect(facts.length).toBeGreaterThan(0)
      const settled = yield* factsOf(vendor, yield* makeAccount(make))
      expect(Object.fromEntries(settled)).toEqual(Object.fromEntries(facts.map(({ id }) => [id, true])))
    }),
  )

  it.effect("a fact does not hold at another value of its switch, and no other fact suffers", () =>
    Effect.gen(function* () {
      const { facts: all, settling } = yield* Facts.load(vendor)
      const facts = all.filter(({ id }) => id in settling)
      const account = yield* makeAccount(make)
      for (const [name, { fact, values, default: usual }] of Object.entries(switches)) {
        if (!facts.some(({ id }) => id === fact)) continue
        for (const value of values.filter((other) => other !== usual)) {
          yield* account.emulator.setSwitch(name, value)
          yield* TestClock.adjust("1 minute")
          const settled = yield* factsOf(vendor, account)
          const refuted = Array.from(settled).flatMap(([id, holds]) => (holds ? [] : [id]))
          expect({ [`${name}: ${value}`]: refuted }).toEqual({
            [`${name}: ${value}`]: agreeing[fact]?.includes(value) ? [] : [fact],
          })
        }
        yield* account.emulator.setSwitch(name, usual)
      }
    }),
  )
})
