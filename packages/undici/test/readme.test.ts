import { describe, expect, it } from "@effect/vitest"
import { Transport } from "@openretl/core/Transport"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import { Effect, Layer } from "effect"
import * as FakeDriver from "../../core/test/support/fakeDriver.ts"
import * as Sockets from "../../core/test/support/sockets.ts"
import { within, workspace } from "../../core/test/support/testbed.ts"
import { openCrm } from "./openExample.ts"
import { overUndici } from "./transportExample.ts"

const unauthorized = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n"

describe("the programs of the README", () => {
  it.effect("the layer provides the transport to the workspace", () =>
    Effect.gen(function* () {
      const ids: Array<string | undefined> = []
      const opened = Effect.gen(function* () {
        ids.push((yield* Transport).id)
        return (yield* workspace(FakeDriver.make())).services
      })
      const layer = Layer.effectContext(opened)
      expect((yield* within("5 minutes", overUndici(FakeDriver.sync(), layer))).verdict).toBe("complete")
      expect(ids).toEqual([expect.stringMatching(/^undici /)])
    }),
  )

  it.live("an open workspace sends with it, and closes it", () =>
    Effect.gen(function* () {
      const { origin, accepted, received } = yield* Sockets.serve({
        onAccept: (socket) => socket.on("data", () => socket.write(unauthorized)),
      })
      const crm = yield* Effect.promise(() => openCrm("benchmark-token-of-a-test", origin))
      const error = yield* Effect.promise(() => crm.workspace.check().catch((error: unknown) => error))
      expect(error).toMatchObject({ code: "retl.unauthenticated" })
      expect(received.join("")).toContain("accept-encoding: identity")
      yield* Effect.promise(() => crm.close())
      yield* Effect.promise(async () => {
        while (!accepted.every((socket) => socket.destroyed)) await new Promise((resolve) => setImmediate(resolve))
      })
    }),
  )

  it.live("an open workspace takes a transport as it is, and refuses what is none", () =>
    Effect.gen(function* () {
      const urls: Array<string> = []
      const transport = {
        send: ({ url }: { readonly url: string }) => {
          urls.push(url)
          return Effect.succeed({ status: 401, headers: {}, body: new Uint8Array() })
        },
      }
      const options = { name: "crm", region: "us", token: "a-token-of-a-test", defaultScope: "incremental" } as const
      const crm = yield* Effect.promise(() => RudderStack.open({ ...options, transport }))
      yield* Effect.promise(() => crm.workspace.check().catch(() => undefined))
      yield* Effect.promise(() => crm.close())
      expect(urls).toHaveLength(1)
      for (const wrong of ["undici", {}, null]) {
        const opened = RudderStack.open({ ...options, transport: wrong as never })
        const error = yield* Effect.promise(() => opened.then(undefined, (error: unknown) => error))
        expect(error).toMatchObject({ reason: { issues: [{ path: ["transport"] }] } })
      }
    }),
  )
})
