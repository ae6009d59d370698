import { describe, expect, it } from "@effect/vitest"
import { Fault } from "@openretl/emulator"
import { Effect, Fiber, Result } from "effect"
import { TestClock } from "effect/testing"
import { headersOf, sendTo, vendors } from "./client.ts"

describe.each(vendors)("$name", (vendor) => {
  const setup = (options = {}) =>
    Effect.gen(function* () {
      const emulator = yield* vendor.make({ plan: { duration: "1 second" }, ...options })
      const ids = yield* emulator.addSync()
      const paths = vendor.paths(emulator)
      return {
        emulator,
        ids,
        paths,
        start: Effect.suspend(() => sendTo(emulator, ...paths.start(ids))),
        list: Effect.suspend(() => sendTo(emulator, ...paths.list(ids))),
      }
    })
  const failureOf = <A, E>(effect: Effect.Effect<A, E>) =>
    Effect.map(Effect.result(effect), (result) => (Result.isFailure(result) ? result.failure : undefined))

  it.effect("an answer lost before the commit starts nothing, and one lost after it starts a run", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup()
      yield* emulator.addFaults(Fault.lost("start", { commits: false }), Fault.lost("start", { commits: true }))
      const reset = { _tag: "TransportError", code: "ECONNRESET", delivery: "unknown" }
      expect(yield* failureOf(start)).toMatchObject(reset)
      expect(yield* emulator.runsOf(ids)).toEqual([])
      expect(yield* failureOf(start)).toMatchObject(reset)
      const [run] = yield* emulator.runsOf(ids)
      expect(run).toMatchObject({ origin: "call", callIndex: 1 })
      const calls = yield* emulator.calls
      expect(calls.map((call) => [call.status, call.createdRun])).toEqual([
        ["lost", undefined],
        ["lost", run?.id],
      ])
    }),
  )

  it.effect("an unreachable vendor fails as not sent, and spends no rate limit", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup()
      yield* emulator.addFaults(Fault.unreachable("any", { times: 200 }))
      for (let count = 0; count < 200; count++) {
        expect(yield* failureOf(start)).toMatchObject({ code: "ECONNREFUSED", delivery: "not-sent" })
      }
      expect(yield* emulator.overLimit).toBe(0)
      expect((yield* emulator.calls)[0]?.status).toBe("refused")
      expect((yield* start).status).toBeLessThan(300)
      expect(yield* emulator.runsOf(ids)).toHaveLength(1)
    }),
  )

  it.effect("a slow write takes effect at `commitAfter` and is answered at `latency`", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup()
      yield* emulator.addFaults(Fault.slow("start", { latency: "81 seconds", commitAfter: "60 seconds" }))
      const fiber = yield* Effect.forkChild(start, { startImmediately: true })
      yield* TestClock.adjust("59 seconds")
      expect(yield* emulator.runsOf(ids)).toEqual([])
      yield* TestClock.adjust("1 seconds")
      expect(yield* emulator.runsOf(ids)).toMatchObject([{ createdAt: 60_000 }])
      yield* TestClock.adjust("20 seconds")
      expect(fiber.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 seconds")
      expect((yield* Fiber.join(fiber)).status).toBeLessThan(300)
    }),
  )

  it.effect("the vendor's answer does not leave before the write takes effect", () =>
    Effect.gen(function* () {
      const { emulator, paths, start } = yield* setup()
      yield* emulator.addFaults(Fault.slow("start", { commitAfter: "10 seconds" }))
      const fiber = yield* Effect.forkChild(start, { startImmediately: true })
      yield* TestClock.adjust("9 seconds")
      expect(fiber.pollUnsafe()).toBeUndefined()
      yield* TestClock.adjust("1 seconds")
      expect(paths.startedId(yield* Fiber.join(fiber))).toMatch(/./)
    }),
  )

  it.effect("a late write takes effect although the client hung up", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup()
      yield* emulator.addFaults(Fault.slow("start", { latency: "2 minutes", commitAfter: "90 seconds" }))
      const fiber = yield* Effect.forkChild(start, { startImmediately: true })
      yield* TestClock.adjust("30 seconds")
      yield* Fiber.interrupt(fiber)
      expect(yield* emulator.runsOf(ids)).toEqual([])
      yield* TestClock.adjust("1 hour")
      const [run] = yield* emulator.runsOf(ids)
      expect(run).toMatchObject({ createdAt: 90_000, callIndex: 0 })
      expect((yield* emulator.calls)[0]).toMatchObject({ status: "pending", createdRun: run?.id })
    }),
  )

  it.effect("a gateway's page may leave before the write takes effect", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup()
      const page = { status: 504, commits: true, latency: "60 seconds", commitAfter: "81 seconds" } as const
      yield* emulator.addFaults(Fault.gatewayPage("start", page))
      const fiber = yield* Effect.forkChild(start, { startImmediately: true })
      yield* TestClock.adjust("60 seconds")
      const answer = yield* Fiber.join(fiber)
      expect([answer.status, answer.headers["content-type"]]).toEqual([504, "text/html"])
      expect(yield* emulator.runsOf(ids)).toEqual([])
      yield* TestClock.adjust("21 seconds")
      expect(yield* emulator.runsOf(ids)).toMatchObject([{ createdAt: 81_000 }])
    }),
  )

  it.effect("late writes take effect in the order of their instants", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup({ plan: { duration: 0 } })
      yield* emulator.addFaults(
        Fault.slow("start", { commitAfter: "30 seconds" }),
        Fault.slow("start", { commitAfter: "20 seconds" }),
      )
      const fibers = [
        yield* Effect.forkChild(start, { startImmediately: true }),
        yield* Effect.forkChild(start, { startImmediately: true }),
      ]
      yield* TestClock.adjust("1 minute")
      yield* Effect.forEach(fibers, Fiber.join)
      const runs = yield* emulator.runsOf(ids)
      expect(runs.map((run) => [run.callIndex, run.createdAt])).toEqual([
        [1, 20_000],
        [0, 30_000],
      ])
    }),
  )

  it.effect("the client sees each kind of answer: 429s, redirects, empty and truncated bodies, any other", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup()
      yield* emulator.addFaults(
        Fault.tooManyRequests("start"),
        Fault.tooManyRequests("start", { retryAfter: "17 seconds" }),
        Fault.redirect("start", { location: "https://elsewhere.example/" }),
        Fault.respond("start", { status: 418, headers: { "x-tea": "yes" }, body: "short and stout" }),
        Fault.respond("start", { status: 202 }),
      )
      const answers = yield* Effect.replicateEffect(start, 5)
      expect(answers.map(({ status, headers }) => [status, headers["retry-after"]])).toEqual([
        [429, undefined],
        [429, "17"],
        [307, undefined],
        [418, undefined],
        [202, undefined],
      ])
      expect(answers[2]?.headers["location"]).toBe("https://elsewhere.example/")
      expect([answers[3]?.headers["x-tea"], answers[3]?.text, answers[4]?.text]).toEqual(["yes", "short and stout", ""])
      expect(yield* emulator.runsOf(ids)).toEqual([])

      yield* emulator.addFaults(Fault.emptyBody("start"), Fault.truncated("start"))
      const emptied = yield* start
      expect([emptied.status, emptied.text]).toEqual([200, ""])
      yield* TestClock.adjust("1 minute")
      const truncated = yield* start
      expect(truncated.status).toBeLessThan(300)
      expect(truncated.text).not.toBe("")
      expect(truncated.json).toBeUndefined()
      expect(yield* emulator.runsOf(ids)).toHaveLength(2)
    }),
  )

  it.effect("`Fault.never` gives no answer", () =>
    Effect.gen(function* () {
      const { emulator, ids, start } = yield* setup()
      yield* emulator.addFaults(Fault.never("start", { commits: true }))
      const fiber = yield* Effect.forkChild(start, { startImmediately: true })
      yield* TestClock.adjust("365 days")
      expect(fiber.pollUnsafe()).toBeUndefined()
      yield* Fiber.interrupt(fiber)
      expect(yield* emulator.runsOf(ids)).toHaveLength(1)
    }),
  )

  it.effect("a fault hits its operation and sync, after `after` others, `times` times", () =>
    Effect.gen(function* () {
      const { emulator, ids, paths, list } = yield* setup()
      const otherIds = yield* emulator.addSync()
      yield* emulator.addFaults(Fault.respond("list", { status: 599, sync: ids, after: 1, times: 2 }))
      const statuses: Array<number> = []
      for (let count = 0; count < 5; count++) {
        statuses.push((yield* list).status)
        statuses.push((yield* sendTo(emulator, ...paths.list(otherIds))).status)
      }
      expect(statuses).toEqual([200, 200, 599, 200, 599, 200, 200, 200, 200, 200])
      expect((yield* sendTo(emulator, ...paths.start(ids))).status).toBeLessThan(300)
      yield* emulator.addFaults(Fault.respond("any", { status: 599, times: Number.POSITIVE_INFINITY }))
      expect((yield* list).status).toBe(599)
      yield* emulator.clearFaults
      expect((yield* list).status).toBe(200)
    }),
  )

  it.effect("a fault by chance hits the same requests for the same seed", () =>
    Effect.gen(function* () {
      const sequence = (seed: number) =>
        Effect.gen(function* () {
          const { emulator, list } = yield* setup({ seed, limits: [] })
          yield* emulator.addFaults(
            Fault.respond("list", { status: 599, chance: 0.3, times: Number.POSITIVE_INFINITY }),
          )
          const answers = yield* Effect.replicateEffect(list, 300)
          return answers.map(({ status }) => status)
        })
      const first = yield* sequence(7)
      expect(yield* sequence(7)).toEqual(first)
      expect(yield* sequence(8)).not.toEqual(first)
      const hits = first.filter((status) => status === 599).length
      expect(hits).toBeGreaterThan(60)
      expect(hits).toBeLessThan(120)
    }),
  )

  it.effect("H4: an answer that is larger than `maxBytes` fails, and one of exactly that size does not", () =>
    Effect.gen(function* () {
      const { emulator, ids, paths, list } = yield* setup()
      const bytes = (yield* list).text.length
      const [method, path, fields] = paths.list(ids)
      expect((yield* sendTo(emulator, method, path, { ...fields, maxBytes: bytes })).status).toBe(200)
      expect(yield* failureOf(sendTo(emulator, method, path, { ...fields, maxBytes: bytes - 1 }))).toMatchObject({
        code: "too-large",
        delivery: "unknown",
      })
    }),
  )

  it.effect("H1, L4: a request to another origin or a malformed address is not sent", () =>
    Effect.gen(function* () {
      const { emulator } = yield* setup()
      const send = (url: string) =>
        failureOf(emulator.transport.send({ method: "GET", url, headers: headersOf(emulator), maxBytes: 1000 }))
      expect(yield* send("https://elsewhere.example/x?y=1")).toMatchObject({
        code: "ENOTFOUND",
        delivery: "not-sent",
      })
      expect(yield* send("not an address")).toMatchObject({ code: "ERR_INVALID_URL", delivery: "not-sent" })
      expect(yield* emulator.calls).toMatchObject([
        { operation: "other", path: "https://elsewhere.example/x?y=1", status: "refused" },
      ])
    }),
  )

  it.effect("H2: the log of calls does not contain the token", () =>
    Effect.gen(function* () {
      const { emulator, start, list } = yield* setup()
      yield* start
      yield* list
      expect(JSON.stringify(yield* emulator.calls)).not.toContain(emulator.token)
    }),
  )

  it.effect("an expired token and a denied operation are refused", () =>
    Effect.gen(function* () {
      const { emulator, ids, paths, list } = yield* setup()
      const oldToken = emulator.token
      const newToken = yield* emulator.rotateToken
      expect(emulator.token).toBe(newToken)
      const [method, path, fields] = paths.list(ids)
      expect((yield* sendTo(emulator, method, path, { ...fields, token: oldToken })).status).toBe(401)
      expect((yield* list).status).toBe(200)
      yield* emulator.deny(["list"])
      expect([401, 403]).toContain((yield* list).status)
      expect((yield* sendTo(emulator, ...paths.start(ids))).status).toBeLessThan(300)
      yield* emulator.deny([])
      expect((yield* list).status).toBe(200)
    }),
  )
})
