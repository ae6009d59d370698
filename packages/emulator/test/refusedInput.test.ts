import * as NodeHttp from "node:http"
import { expect, it } from "@effect/vitest"
import { RudderStackEmulator } from "@openretl/emulator"
import * as ControlServer from "@openretl/emulator/ControlServer"
import * as Effect from "effect/Effect"
import { parse } from "../src/internal/command/options.ts"

it("F4: a token that no header can carry is refused", () => {
  for (const token of ["", "a\nb", "é", "a b"]) {
    const parsed = parse(["rudderstack", "--options", JSON.stringify({ token })])
    expect(parsed).toMatchObject({ failure: [expect.stringContaining("token")] })
  }
})

it("F4: a lag whose least is above its most is refused", () => {
  const readLag = { min: "5 seconds", max: "1 second" }
  expect(parse(["rudderstack", "--options", JSON.stringify({ readLag })])).toMatchObject({ _tag: "Failure" })
})

it("F4: a sync that would be triggered without a pause is refused: nothing else would ever happen", () => {
  for (const every of [0, 1, "999 millis"]) {
    for (const sync of [
      { strangers: { every } },
      { schedule: { every } },
      { schedule: { every: "1 hour", first: 0 } },
    ]) {
      const parsed = parse(["rudderstack", "--options", JSON.stringify({ syncs: [sync] })])
      expect(parsed._tag).toBe("first" in (sync.schedule ?? {}) ? "Success" : "Failure")
    }
  }
  expect(parse(["rudderstack", "--options", '{"syncs":[{"strangers":{"every":"1 second"}}]}'])._tag).toBe("Success")
})

it.live("H5: a request target with an origin is answered", () =>
  Effect.gen(function* () {
    const { url } = yield* ControlServer.serve(RudderStackEmulator.make())
    const status = yield* Effect.promise(
      () =>
        new Promise<number | undefined>((resolve, reject) => {
          const request = NodeHttp.request(url, { path: `${url}/v2/retl-connections` }, ({ statusCode }) => {
            resolve(statusCode)
          })
          request.on("error", reject).end()
        }),
    )
    expect(status).toBe(401)
  }).pipe(Effect.scoped),
)
