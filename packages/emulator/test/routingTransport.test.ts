import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import * as RoutingTransport from "../src/RoutingTransport.ts"
import * as SegmentEmulator from "../src/SegmentEmulator.ts"
import * as ZeotapEmulator from "../src/ZeotapEmulator.ts"

const get = (url: string) => ({ method: "GET" as const, url, headers: {}, maxBytes: 1024 })

it.effect("each emulator answers for its origin, and requests to others are not sent", () =>
  Effect.gen(function* () {
    const segment = yield* SegmentEmulator.make()
    const zeotap = yield* ZeotapEmulator.make()
    const transport = RoutingTransport.make(segment, zeotap)
    expect((yield* transport.send(get(`${segment.baseUrl}/`))).status).toBe(401)
    expect((yield* segment.calls).length).toBe(1)
    expect((yield* zeotap.calls).length).toBe(0)
    for (const url of ["https://api.segmentapis.com.example/", "nonsense"]) {
      expect(yield* Effect.flip(transport.send(get(url)))).toMatchObject({ code: "ENOTFOUND", delivery: "not-sent" })
    }
    expect(() => RoutingTransport.make(segment, segment)).toThrow("same origin")
  }),
)
