import { afterAll, afterEach, beforeAll, describe, expect, it } from "@effect/vitest"
import * as KyTransport from "@openretl/core/KyTransport"
import { Fault } from "@openretl/emulator"
import { handlers } from "@openretl/emulator/MswHandlers"
import { Effect, Redacted, Result } from "effect"
import { TestClock } from "effect/testing"
import { setupServer } from "msw/node"
import { headersOf, vendors } from "./client.ts"

const server = setupServer()
beforeAll(() => server.listen({ onUnhandledFrame: "error" }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

describe.each(vendors)("$name behind msw", (vendor) => {
  const setup = Effect.gen(function* () {
    const emulator = yield* vendor.make({})
    const ids = yield* emulator.addSync()
    const context = yield* Effect.context<never>()
    server.use(...handlers(emulator, { context }))
    return { emulator, ids, paths: vendor.paths(emulator) }
  })

  it.effect("answers a plain fetch, on the test's clock", () =>
    Effect.gen(function* () {
      const { emulator, ids, paths } = yield* setup
      const call = ([method, path, fields]: ReturnType<typeof paths.list>) =>
        Effect.promise(async () => {
          const { authorization, ...headers } = headersOf(emulator, fields)
          const response = await fetch(`${emulator.baseUrl}${path}`, {
            method,
            headers: { ...headers, authorization: Redacted.value(authorization) },
            ...(fields.body !== undefined && { body: JSON.stringify(fields.body) }),
          })
          const text = await response.text()
          return { status: response.status, headers: {}, text, json: JSON.parse(text) }
        })
      const id = paths.startedId(yield* call(paths.start(ids)))
      const runningStatus = paths.statusOf(yield* call(paths.get(ids, id)))
      yield* TestClock.adjust("1 hour")
      expect(paths.statusOf(yield* call(paths.get(ids, id)))).not.toBe(runningStatus)
      expect(yield* emulator.runsOf(ids)).toMatchObject([{ id, createdAt: 0, finishedAt: 60_000 }])
    }),
  )

  it.effect("a lost answer rejects the fetch", () =>
    Effect.gen(function* () {
      const { emulator, ids, paths } = yield* setup
      yield* emulator.addFaults(Fault.lost("start", { commits: true }))
      const [method, path, fields] = paths.start(ids)
      const result = yield* Effect.result(
        KyTransport.make().send({
          method,
          url: `${emulator.baseUrl}${path}`,
          headers: headersOf(emulator, fields),
          ...(fields.body !== undefined && { body: JSON.stringify(fields.body) }),
          maxBytes: 10_000,
        }),
      )
      expect(Result.isFailure(result) && result.failure.delivery).toBe("unknown")
      expect(yield* emulator.runsOf(ids)).toHaveLength(1)
    }),
  )
})
