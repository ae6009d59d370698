import { describe, expect, it } from "@effect/vitest"
import * as KyTransport from "@openretl/core/KyTransport"
import { Fault, RecordingTransport, SegmentEmulator } from "@openretl/emulator"
import * as Control from "@openretl/emulator/Control"
import * as ControlClient from "@openretl/emulator/ControlClient"
import * as ControlServer from "@openretl/emulator/ControlServer"
import type { Emulator } from "@openretl/emulator/Emulator"
import { serve } from "@openretl/emulator/Server"
import { Effect, Fiber, Result, Schema } from "effect"
import { headersOf, vendors } from "./client.ts"

/** Sends JSON, as a program in any language does. */
const sendJson = (url: string, method: "GET" | "POST", command: string, body?: unknown) =>
  Effect.promise(async () => {
    const text = typeof body === "string" ? body : JSON.stringify(body)
    const response = await fetch(`${url}${Control.path}${command}`, {
      method,
      ...(text !== undefined && { body: text }),
    })
    const json: unknown = await response.json()
    return { status: response.status, headers: response.headers, json }
  })

/** Returns the paths and messages of a refusal, and checks its status. */
const refusal = (url: string, command: string, body: unknown, status = 400) =>
  Effect.map(sendJson(url, "POST", `/${command}`, body), (answer) => {
    expect(answer.status).toBe(status)
    const { error } = Schema.decodeUnknownSync(Control.Refusal)(answer.json)
    return [error.reason, ...error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`)]
  })

describe.each(vendors)("$name with its control API", (vendor) => {
  const setup = Effect.gen(function* () {
    const { url, emulator } = yield* ControlServer.serve(
      Effect.gen(function* () {
        const emulator: Emulator = yield* vendor.make({ plan: { duration: 0 } })
        yield* emulator.addSync({ name: "orders" })
        return emulator
      }),
    )
    const client = yield* ControlClient.make({ url })
    const inMemory = yield* emulator
    const [sync] = yield* client.syncs
    const ids = sync?.ids ?? {}
    const paths = vendor.paths(inMemory)
    const send = ([method, path, fields]: ReturnType<typeof paths.list>, headers: Record<string, string> = {}) =>
      KyTransport.make().send({
        method,
        url: `${url}${path}`,
        headers: { ...headersOf(inMemory, fields), ...headers },
        ...(fields.body !== undefined && { body: JSON.stringify(fields.body) }),
        maxBytes: 100_000,
      })
    return { url, emulator, client, inMemory, ids, paths, send }
  })

  it.live("reports what is served", () =>
    Effect.gen(function* () {
      const { url, client, inMemory } = yield* setup
      expect(client).toMatchObject({ vendor: vendor.name, url, workspace: inMemory.workspace })
      const info = yield* client.info
      expect(info).toEqual({
        vendor: vendor.name,
        url,
        token: inMemory.token,
        workspace: inMemory.workspace,
        commands: Object.keys(Control.commands),
      })
      expect((yield* sendJson(url, "GET", "")).json).toEqual(info)
    }).pipe(Effect.scoped),
  )

  it.live("reports each run with the request that started it, and when it arrived", () =>
    Effect.gen(function* () {
      const { client, ids, paths, send } = yield* setup
      yield* send(paths.start(ids), { "x-request-id": "a" })
      yield* client.triggerAsStranger(ids)
      const { now, syncs, runs, calls, overLimit } = yield* client.truth
      expect(syncs).toMatchObject([{ ids, name: "orders", state: "enabled" }])
      expect(runs).toMatchObject([
        { sync: ids, origin: "call", callIndex: 0, request: { operation: "start", headers: { "x-request-id": "a" } } },
        { sync: ids, origin: "stranger" },
      ])
      const [run] = runs
      expect(run?.request).toEqual(calls[0])
      expect(run?.request?.createdRun).toBe(run?.id)
      expect(run?.request?.at).toBeLessThanOrEqual(now)
      expect(overLimit).toBe(0)
      expect(JSON.stringify(calls)).not.toContain((yield* client.info).token)
      expect(yield* client.runsOf(ids)).toHaveLength(2)
      expect(yield* client.calls).toEqual(calls)
      expect(yield* client.now).toBeGreaterThanOrEqual(now)

      yield* client.clearCalls
      expect((yield* client.truth).runs[0]).toMatchObject({ callIndex: 0 })
      expect((yield* client.truth).runs[0]?.request).toBeUndefined()
    }).pipe(Effect.scoped),
  )

  it.live("an answer hangs, before or after the request is carried out", () =>
    Effect.gen(function* () {
      const { client, ids, paths, send } = yield* setup
      for (const commits of [false, true]) {
        yield* client.addFaults(Fault.never("start", { commits }))
        const hanging = yield* Effect.forkChild(send(paths.start(ids)))
        yield* Effect.repeat(client.calls, { until: (calls) => calls.length > 0 })
        expect(yield* client.calls).toMatchObject([{ operation: "start", status: "pending" }])
        yield* Fiber.interrupt(hanging)
        expect(yield* client.runsOf(ids)).toHaveLength(commits ? 1 : 0)
        yield* client.clearCalls
      }
    }).pipe(Effect.scoped),
  )

  it.live("the connection drops, before or after the request is carried out", () =>
    Effect.gen(function* () {
      const { client, ids, paths, send } = yield* setup
      for (const commits of [false, true]) {
        yield* client.addFaults(Fault.lost("start", { commits, sync: ids }))
        const result = yield* Effect.result(send(paths.start(ids)))
        expect(Result.isFailure(result) && result.failure.delivery).toBe("unknown")
        expect(yield* client.runsOf(ids)).toHaveLength(commits ? 1 : 0)
      }
    }).pipe(Effect.scoped),
  )

  it.live("a request is carried out late, although its client is gone", () =>
    Effect.gen(function* () {
      const { client, ids, paths, send } = yield* setup
      yield* client.addFaults(Fault.slow("start", { commitAfter: "100 millis" }))
      const sending = yield* Effect.forkChild(send(paths.start(ids)))
      yield* Effect.repeat(client.calls, { until: (calls) => calls.length > 0 })
      yield* Fiber.interrupt(sending)
      const runs = yield* Effect.repeat(client.runsOf(ids), { until: (runs) => runs.length > 0 })
      const [call] = yield* client.calls
      expect((runs[0]?.createdAt ?? 0) - (call?.at ?? 0)).toBeGreaterThanOrEqual(100)
    }).pipe(Effect.scoped),
  )

  it.live("a reset makes the emulator anew, as it was first", () =>
    Effect.gen(function* () {
      const { client, emulator, inMemory, ids, paths, send } = yield* setup
      yield* client.addFaults(Fault.lost("start", { commits: true, times: Number.POSITIVE_INFINITY }))
      yield* Effect.ignore(send(paths.start(ids)))
      yield* client.addSync()
      const token = yield* client.rotateToken
      expect((yield* client.info).token).toBe(token)
      yield* client.reset
      expect(yield* emulator).not.toBe(inMemory)
      expect(yield* client.truth).toMatchObject({ syncs: [{ ids, name: "orders" }], runs: [], calls: [], overLimit: 0 })
      const headers = headersOf(yield* emulator, paths.start(ids)[2])
      expect((yield* client.info).token).not.toBe(token)
      const [method, path, { body }] = paths.start(ids)
      const request = { method, url: `${client.url}${path}`, headers, maxBytes: 100_000 }
      const answer = yield* KyTransport.make().send({
        ...request,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      expect(answer.status).toBeLessThan(300)
    }).pipe(Effect.scoped),
  )

  it.live("the client has the controls of an emulator in memory", () =>
    Effect.gen(function* () {
      const { client, inMemory, ids, paths, send } = yield* setup
      const parts = yield* client.addParts("parts of leads")
      const leads = yield* client.addSync({ parts, name: "leads", schedule: { every: "1 day" }, state: "paused" })
      expect(yield* client.syncs).toEqual(yield* inMemory.syncs)
      yield* client.setState(leads, "enabled")
      expect((yield* client.syncs)[1]).toMatchObject({ ids: leads, parts, name: "leads", state: "enabled" })

      yield* client.script(leads, [
        { ends: "never" },
        { ends: "never" },
        { ends: "failed", duration: 0, error: { text: "no", code: "E" } },
      ])
      const ended = yield* client.triggerAsStranger(leads)
      yield* client.endRun(ended ?? "")
      const stopped = yield* client.triggerAsStranger(leads)
      yield* client.stopRun(stopped ?? "")
      expect(yield* client.runsOf(leads)).toEqual(yield* inMemory.runsOf(leads))

      yield* client.deny(["start"])
      expect((yield* send(paths.start(ids))).status).toBeGreaterThanOrEqual(400)
      yield* client.deny([])
      yield* client.addFaults(Fault.tooManyRequests("any", { times: Number.POSITIVE_INFINITY }))
      expect((yield* send(paths.list(ids))).status).toBe(429)
      yield* client.clearFaults
      yield* client.setReadLag("1 hour")
      expect((yield* send(paths.start(ids))).status).toBeLessThan(300)
      const [name, entry] = Object.entries(inMemory.switches)[0] ?? []
      yield* client.setSwitch(name ?? "", entry?.values[1] ?? "")
      yield* client.setSwitch(entry?.fact ?? "", entry?.default ?? "")
      yield* client.addTraffic({ operation: "start", atOnce: Number.MAX_SAFE_INTEGER, every: "1 minute" })
      yield* send(paths.start(ids))
      expect(yield* client.overLimit).toBe(yield* inMemory.overLimit)
    }).pipe(Effect.scoped),
  )
})

describe("the control API refuses", () => {
  const served = Effect.map(
    ControlServer.serve(Effect.tap(SegmentEmulator.make(), (segment) => segment.addSync())),
    ({ url }) => url,
  )

  it.live("an input with every problem at once, each with the path of its field", () =>
    Effect.gen(function* () {
      const url = yield* served
      const faults = [
        { kind: "nevr", operation: "start", after: -1 },
        { kind: "never", operation: "strt", comits: true },
        { kind: "respond", operation: "any", status: 99, headers: { "a b": "" }, commits: false, times: 0, chance: 2 },
        { kind: "slow", operation: "get", latency: "2 secs" },
      ]
      expect(yield* refusal(url, "addFaults", { faults })).toEqual([
        "invalid-input",
        "faults.0.after: Expected a whole number from 0",
        'faults.0.kind: Expected "slow" | "lost" | "unreachable" | "respond" | "refused" | "truncated" | "anothersBody" | "entryWithoutId" | "never"',
        "faults.1.comits: Expected no field of this name",
        expect.stringMatching(/^faults\.1\.operation: Expected "start" \| /),
        "faults.1.commits: Expected a value: it is missing",
        'faults.2.times: Expected a whole number from 1, or "all"',
        "faults.2.chance: Expected a number from 0 to 1",
        "faults.2.status: Expected a whole number from 200 to 599",
        "faults.2.headers: Expected headers with names and values that HTTP allows",
        'faults.3.latency: Expected a finite duration, as in "5 minutes" or in milliseconds',
      ])
    }).pipe(Effect.scoped),
  )

  it.live("an input that names what the emulator does not have, and changes nothing", () =>
    Effect.gen(function* () {
      const url = yield* served
      const client = yield* ControlClient.make({ url })
      const before = yield* client.syncs
      const noSync = 'Expected the ids of a sync of this emulator: "source" | "model" | "subscription"'
      const kind = { kind: "never", operation: "start", commits: true }
      const mixedUp = { kind: "anothersBody", operation: "sync", another: {} }
      const faults = [kind, { ...kind, sync: { subscription: "x" } }, { ...kind, sync: {} }, mixedUp]
      expect(yield* refusal(url, "addFaults", { faults })).toEqual([
        "invalid-input",
        `faults.1.sync: ${noSync}`,
        `faults.2.sync: ${noSync}`,
        `faults.3.another: ${noSync}`,
      ])
      for (const [command, input] of [
        ["setState", { state: "paused" }],
        ["changeSync", { name: "x" }],
        ["deleteSync", {}],
        ["script", { plans: [] }],
        ["triggerAsStranger", {}],
        ["runsOf", {}],
      ] as const) {
        expect(yield* refusal(url, command, { ...input, sync: { model: "m" } })).toEqual([
          "invalid-input",
          `sync: ${noSync}`,
        ])
      }
      expect(yield* refusal(url, "stopRun", { run: "7" })).toEqual([
        "invalid-input",
        "run: This emulator has no run with this id: 7",
      ])
      const names = '"source" | "model" | "subscription" | "destination" | "action"'
      expect(yield* refusal(url, "addSync", { ids: { sorce: "s" }, parts: { model: "m", table: "t" } })).toEqual([
        "invalid-input",
        `ids.sorce: Expected ${names}`,
        "parts.source: Expected a value: it is missing",
        "parts.destination: Expected a value: it is missing",
        "parts.action: Expected a value: it is missing",
        'parts.table: Expected "source" | "model" | "destination" | "action"',
      ])
      expect(yield* refusal(url, "addSync", { ids: before[0]?.ids })).toMatchObject([
        "invalid-input",
        expect.stringMatching(/^ids: This emulator already has a sync with these ids/),
      ])
      expect(yield* refusal(url, "addParts", { ids: { sorce: "s" } })).toEqual([
        "invalid-input",
        `ids.sorce: Expected ${names}`,
      ])
      const switches = { overlap: "queue", "segment/list-order": "newest-first", listOder: "oldest-first" }
      expect(yield* refusal(url, "setSwitches", { switches })).toEqual([
        "invalid-input",
        'switches.overlap: Expected "409" | "422" | "400" | "429" | "200" | "new-run" | "same-run"',
        "switches.listOder: Expected a switch of this vendor",
      ])
      expect(yield* client.truth).toMatchObject({ syncs: before, runs: [], calls: [] })
    }).pipe(Effect.scoped),
  )

  it.live("schedules and lags by the form that was meant", () =>
    Effect.gen(function* () {
      const url = yield* served
      expect(yield* refusal(url, "addSync", { schedule: { cron: "* * *", timeZone: "Mars/Base" } })).toEqual([
        "invalid-input",
        "schedule.cron: Expected a cron expression of five fields",
        "schedule.timeZone: Expected an IANA time zone",
      ])
      expect(yield* refusal(url, "addSync", { schedule: { every: "daily" } })).toEqual([
        "invalid-input",
        'schedule.every: Expected a finite duration, as in "5 minutes" or in milliseconds',
      ])
      expect(yield* refusal(url, "setReadLag", { lag: { min: 0 } })).toEqual([
        "invalid-input",
        "lag.max: Expected a value: it is missing",
      ])
      expect(yield* refusal(url, "reset", { seed: 1 })).toEqual([
        "invalid-input",
        "seed: Expected no field of this name",
      ])
    }).pipe(Effect.scoped),
  )

  it.live("plans whose runs cannot go so, and hints that cannot be sent so", () =>
    Effect.gen(function* () {
      const url = yield* served
      const client = yield* ControlClient.make({ url })
      const sync = (yield* client.syncs)[0]?.ids ?? {}
      const slow = { chance: -1, factor: { min: 9, max: 3 } }
      const plans = [
        { rows: { succeeded: 1 }, earlyRows: { succeeded: 2 } },
        { duration: { median: "1 minute", sigma: -1, slow } },
      ]
      expect(yield* refusal(url, "script", { sync, plans })).toEqual([
        "invalid-input",
        "plans.0.earlyRows.succeeded: Expected at most the final succeeded rows",
        "plans.0.earlyRows.total: Expected at most the final total rows",
        "plans.1.duration.sigma: Expected a number from 0 to 5",
        "plans.1.duration.slow.chance: Expected a number from 0 to 1",
        "plans.1.duration.slow.factor: Expected min to be at most max",
      ])
      const hints = { url: "file:///hooks", loss: 2, delay: { min: "2 seconds", max: "1 second" }, changes: ["queued"] }
      expect(yield* refusal(url, "sendHints", hints)).toEqual([
        "invalid-input",
        "url: Expected an address that begins with http:// or https://",
        'changes.0: Expected "started" | "ended"',
        "loss: Expected a number from 0 to 1",
        "delay: Expected min to be at most max",
      ])
      yield* client.script(sync, [{ duration: { median: "1 hour", slow: { chance: 0.5 } }, rows: { succeeded: 3 } }])
      yield* client.triggerAsStranger(sync)
      expect(yield* client.runsOf(sync)).toMatchObject([{ rows: { succeeded: 0, failed: 0, total: 0 } }])
    }).pipe(Effect.scoped),
  )

  it.live("what is no command", () =>
    Effect.gen(function* () {
      const url = yield* served
      expect(yield* refusal(url, "addFault", {}, 404)).toEqual(["unknown-command"])
      expect(yield* refusal(url, "truth", {}, 405)).toEqual(["unknown-command"])
      expect((yield* sendJson(url, "GET", "/reset")).headers.get("allow")).toBe("POST")
      for (const body of ["", "{", "[]", '"x"']) expect((yield* refusal(url, "script", body))[0]).toBe("invalid-input")
    }).pipe(Effect.scoped),
  )
})

describe("the client fails", () => {
  const segment = Effect.tap(SegmentEmulator.make(), (emulator) => emulator.addSync())

  it.live("before it sends an input that has no JSON form", () =>
    Effect.gen(function* () {
      const { url } = yield* ControlServer.serve(segment)
      const client = yield* ControlClient.make({ url })
      const error = yield* Effect.flip(client.setReadLag("Infinity"))
      expect(error).toMatchObject({ command: "setReadLag", reason: "invalid-input", issues: [{ path: ["lag"] }] })
    }).pipe(Effect.scoped),
  )

  it.live("with the problems that the server found", () =>
    Effect.gen(function* () {
      const { url } = yield* ControlServer.serve(segment)
      const client = yield* ControlClient.make({ url })
      const error = yield* Effect.flip(client.stopRun("7"))
      expect(error).toMatchObject({ command: "stopRun", reason: "invalid-input", issues: [{ path: ["run"] }] })
      expect(error.message).toBe("Control stopRun: run: This emulator has no run with this id: 7")
    }).pipe(Effect.scoped),
  )

  it.live("where nothing is served, or an emulator without its controls", () =>
    Effect.gen(function* () {
      const url = yield* serve(yield* SegmentEmulator.make())
      expect(yield* Effect.flip(ControlClient.make({ url }))).toMatchObject({ reason: "unexpected-answer" })
      const gone = yield* Effect.scoped(serve(yield* SegmentEmulator.make()))
      expect(yield* Effect.flip(ControlClient.make({ url: gone }))).toMatchObject({ reason: "no-answer" })
      const odd = RecordingTransport.make({ body: { vendor: "acme" } }).service
      const error = yield* Effect.flip(ControlClient.make({ url, transport: odd }))
      expect(error.reason).toBe("unexpected-answer")
      expect(error.message).toContain("commands: ")
    }).pipe(Effect.scoped),
  )
})
