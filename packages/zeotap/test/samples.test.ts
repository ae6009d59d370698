/** Every answer and every request that the vendor's documents show for these endpoints. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { ZeotapClient } from "../src/ZeotapClient.ts"
import * as Fixtures from "./fixtures.ts"
import { clientOver, onTheWire, recording } from "./recordingTransport.ts"

const { connection_id: _, ...destination } = Fixtures.destination
const { avatar_url: __, settings: ___, ...workspace } = Fixtures.workspace

const answers: ReadonlyArray<{
  readonly name: string
  readonly body: object
  readonly call: (client: ZeotapClient) => Effect.Effect<unknown, unknown>
  readonly read?: unknown
}> = [
  {
    name: "the run that a trigger answers",
    body: Fixtures.pendingRun,
    call: (client) => client.triggerSync(Fixtures.syncId),
  },
  {
    name: "the list of runs",
    body: [Fixtures.completedRun],
    call: (client) => client.listRuns(Fixtures.syncId),
    read: { data: [Fixtures.completedRun] },
  },
  {
    name: "a run",
    body: Fixtures.completedRun,
    call: (client) => client.getRun(Fixtures.syncId, Fixtures.runId),
  },
  { name: "a sync", body: Fixtures.sync, call: (client) => client.getSync(Fixtures.syncId) },
  {
    name: "the list of syncs",
    body: [Fixtures.sync],
    call: (client) => client.listSyncs(),
    read: { data: [Fixtures.sync] },
  },
  {
    name: "what a delete answers",
    body: Fixtures.deleted,
    call: (client) => client.deleteSync(Fixtures.syncId),
    read: null,
  },
  { name: "a model", body: Fixtures.model, call: (client) => client.getModel(Fixtures.syncId) },
  {
    name: "a destination",
    body: Fixtures.destination,
    call: (client) => client.getDestination(Fixtures.destination.id),
    read: destination,
  },
  { name: "the health of syncs", body: Fixtures.syncHealth, call: (client) => client.getSyncHealth({ days: 7 }) },
  { name: "the workspace", body: Fixtures.workspace, call: (client) => client.getWorkspace, read: workspace },
  {
    name: "an envelope",
    body: { data: [Fixtures.sync], pagination: Fixtures.pagination },
    call: (client) => client.listSyncs(),
    read: { data: [Fixtures.sync], pagination: Fixtures.pagination },
  },
]

describe("an answer that the documents show is read", () => {
  it.effect.each(answers)("$name", ({ body, call, read }) =>
    Effect.gen(function* () {
      expect((yield* call(yield* clientOver(recording({ body })))) ?? null).toEqual(read === undefined ? body : read)
    }),
  )
})

describe("a request that the documents show is sent unchanged", () => {
  const sent = Effect.fnUntraced(function* (call: (client: ZeotapClient) => Effect.Effect<unknown, unknown>) {
    const transport = recording({ body: {} })
    yield* call(yield* clientOver(transport))
    return transport.requests.map(onTheWire).map(({ body }) => JSON.parse(String(body)))
  })

  it.effect("a create", () =>
    Effect.gen(function* () {
      expect(yield* sent((client) => client.createSync(Fixtures.createSync))).toEqual([Fixtures.createSync])
    }),
  )

  it.effect("a mapping with a cast", () =>
    Effect.gen(function* () {
      expect(yield* sent((client) => client.updateSync(Fixtures.syncId, Fixtures.castMapping))).toEqual([
        Fixtures.castMapping,
      ])
    }),
  )

  it.effect("an update", () =>
    Effect.gen(function* () {
      expect(yield* sent((client) => client.updateSync(Fixtures.syncId, Fixtures.updateSync))).toEqual([
        Fixtures.updateSync,
      ])
    }),
  )
})
