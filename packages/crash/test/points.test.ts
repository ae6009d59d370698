import { expect, it } from "@effect/vitest"
import * as Journal from "@openretl/core/Journal"
import * as KyTransport from "@openretl/core/KyTransport"
import { SyncRef } from "@openretl/core/Ref"
import { RudderStackEmulator } from "@openretl/emulator"
import { serve } from "@openretl/emulator/Server"
import { Effect } from "effect"
import * as JournalPoints from "../src/journalPoints.ts"
import type { Point } from "../src/points.ts"
import * as TransportPoints from "../src/transportPoints.ts"

it.live("a trigger passes the points of its request in order, with its key, and a read passes none", () =>
  Effect.gen(function* () {
    const emulator = yield* RudderStackEmulator.make()
    const { connection } = yield* emulator.addSync()
    const url = yield* serve(emulator)
    const passed: Array<Point | "carried out"> = []
    const transport = TransportPoints.withPoints(KyTransport.make(), (point) => passed.push(point))
    const send = (method: "GET" | "POST", path: string) =>
      transport.send({
        method,
        url: `${url}/v2/retl-connections/${connection}${path}`,
        headers: { authorization: `Bearer ${emulator.token}`, "content-type": "application/json" },
        ...(method === "POST" && { body: '{"syncType":"incremental"}' }),
        maxBytes: 10_000,
      })
    yield* send("GET", "/syncs")
    expect(passed).toEqual([])
    yield* Effect.provideService(send("POST", "/start"), TransportPoints.CurrentKey, "key-1")
    expect(passed).toEqual(["before socket", "after socket", "before answer", "after answer"])
    const [, call] = yield* emulator.calls
    expect(call).toMatchObject({ operation: "start", headers: { "x-request-id": "key-1" } })
  }).pipe(Effect.scoped),
)

it.effect("a journal passes a point after an operation only where it wrote something", () =>
  Effect.gen(function* () {
    const passed: Array<Point> = []
    const journal = JournalPoints.withPoints(Journal.memory(), (point) => passed.push(point))
    const owner = { host: "h", pid: 1, call: "c1" }
    const sync = new SyncRef({ workspace: "w", vendor: "acme", ids: { sync: "7" } })
    const draft = {
      kind: "trigger",
      id: "e1",
      identity: "i",
      vendor: "acme",
      baseUrl: "u",
      workspace: "w",
      sync,
    } as const
    const claim = journal.claim({ draft: { ...draft, key: "k" }, owner, lease: "1 minute" })
    yield* claim
    yield* claim
    expect(passed.splice(0)).toEqual(["before claim", "after claim", "before claim"])
    const lease = { identity: "i", owner, number: 1 }
    const version = { id: "e1", revision: 1 }
    const fence = { runs: [], complete: true }
    const mark = { lease, entry: version, fence, exclusive: false, writeTimeout: 1, runAppearsWithin: 1 }
    yield* journal.mark(mark)
    expect(passed.splice(0)).toEqual(["before mark"])
    yield* journal.acquire("i", owner, "1 minute")
    yield* journal.mark(mark)
    yield* journal.update({ id: "e1", revision: 2 }, { state: "lost" }, owner)
    yield* journal.update({ id: "e1", revision: 2 }, { state: "lost" }, owner)
    expect(passed).toEqual(["before mark", "after mark", "before update", "after update", "before update"])
  }),
)
