import { describe, expect, it } from "@effect/vitest"
import { TransportError } from "@openretl/core/TransportError"
import * as RecordingTransport from "@openretl/emulator/RecordingTransport"
import { Effect, Redacted } from "effect"

const request = (url: string) =>
  ({ method: "GET", url, headers: { authorization: Redacted.make("Bearer t") }, maxBytes: 100 }) as const

describe("a recording transport", () => {
  it.effect("records every request, and repeats its last answer", () =>
    Effect.gen(function* () {
      const lost = new TransportError({ code: "ECONNRESET", delivery: "unknown" })
      const { requests, service } = RecordingTransport.make({ status: 201, body: { a: 1 } }, lost, { body: "text" })
      const first = yield* service.send(request("https://a.test/1"))
      expect([first.status, new TextDecoder().decode(first.body)]).toEqual([201, '{"a":1}'])
      expect(yield* Effect.flip(service.send(request("https://a.test/2")))).toBe(lost)
      for (const url of ["https://a.test/3", "https://a.test/4"]) {
        expect(new TextDecoder().decode((yield* service.send(request(url))).body)).toBe("text")
      }
      expect(requests.map(({ url }) => url.at(-1))).toEqual(["1", "2", "3", "4"])
      expect(String(requests[0]?.headers["authorization"])).not.toContain("Bearer t")
      expect(requests.map(RecordingTransport.onTheWire)[0]?.headers).toEqual({ authorization: "Bearer t" })
    }),
  )
})
