import { describe, expect, it } from "@effect/vitest"
import * as KyTransport from "@openretl/core/KyTransport"
import { Fault, SegmentEmulator } from "@openretl/emulator"
import { serve } from "@openretl/emulator/Server"
import { Deferred, Effect, Fiber, Result } from "effect"
import { headersOf, sendTo, vendors } from "./client.ts"

describe.each(vendors)("$name on loopback", (vendor) => {
  const setup = Effect.gen(function* () {
    const emulator = yield* vendor.make({ speed: 3_600_000 })
    const ids = yield* emulator.addSync()
    const url = yield* serve(emulator)
    const paths = vendor.paths(emulator)
    const send = ([method, path, fields]: ReturnType<typeof paths.list>) =>
      KyTransport.make().send({
        method,
        url: `${url}${path}`,
        headers: headersOf(emulator, fields),
        ...(fields.body !== undefined && { body: JSON.stringify(fields.body) }),
        maxBytes: 100_000,
      })
    return { emulator, ids, url, paths, send }
  })

  it.live("answers over a socket as in memory", () =>
    Effect.gen(function* () {
      const { emulator, ids, paths, send } = yield* setup
      const startAnswer = yield* send(paths.start(ids))
      expect(startAnswer.status).toBeLessThan(300)
      const [run] = yield* emulator.runsOf(ids)
      const listAnswer = yield* send(paths.list(ids))
      const json = JSON.parse(new TextDecoder().decode(listAnswer.body))
      const answer = { status: 200, headers: {}, text: "", json }
      expect(paths.listedIds(answer)).toEqual([run?.id])
      const inMemory = yield* sendTo(emulator, ...paths.list(ids))
      expect(Object.keys(listAnswer.headers)).toEqual(expect.arrayContaining(Object.keys(inMemory.headers)))
    }).pipe(Effect.scoped),
  )

  it.live("a lost answer destroys the socket, before or after the commit", () =>
    Effect.gen(function* () {
      const { emulator, ids, paths, send } = yield* setup
      for (const commits of [false, true]) {
        yield* emulator.addFaults(Fault.lost("start", { commits }))
        const result = yield* Effect.result(send(paths.start(ids)))
        expect(Result.isFailure(result) && result.failure.delivery).toBe("unknown")
        expect(yield* emulator.runsOf(ids)).toHaveLength(commits ? 1 : 0)
      }
    }).pipe(Effect.scoped),
  )
})

it.live("a client that hangs up interrupts the wait for its answer", () =>
  Effect.gen(function* () {
    const emulator = yield* SegmentEmulator.make()
    const [arrived, interrupted] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
    const send = () =>
      Deferred.succeed(arrived, undefined).pipe(
        Effect.andThen(Effect.never),
        Effect.onInterrupt(() => Deferred.succeed(interrupted, undefined)),
      )
    const url = yield* serve({ ...emulator, transport: { send } })
    const request = { method: "GET", url: `${url}/`, headers: headersOf(emulator), maxBytes: 10_000 } as const
    const client = yield* Effect.forkChild(KyTransport.make().send(request))
    yield* Deferred.await(arrived)
    yield* Fiber.interrupt(client)
    yield* Deferred.await(interrupted)
  }).pipe(Effect.scoped),
)

it.live("the server listens on the given port, and frees it when the scope closes", () =>
  Effect.gen(function* () {
    const emulator = yield* SegmentEmulator.make()
    const first = yield* Effect.scoped(serve(emulator))
    const port = Number(new URL(first).port)
    const request = { method: "GET", url: `${first}/`, headers: headersOf(emulator), maxBytes: 10_000 } as const
    const result = yield* Effect.result(KyTransport.make().send(request))
    expect(Result.isFailure(result) && result.failure.delivery).toBe("not-sent")
    const status = yield* Effect.scoped(
      Effect.gen(function* () {
        expect(yield* serve(emulator, { port })).toBe(first)
        return (yield* KyTransport.make().send(request)).status
      }),
    )
    expect(status).toBe(200)
  }),
)
