import { describe, expect, it } from "@effect/vitest"
import { RudderStackEmulator, ZeotapEmulator } from "@openretl/emulator"
import { Effect } from "effect"
import { type RequestFields, sendTo } from "./client.ts"

const bodies: ReadonlyArray<readonly [string, RequestFields]> = [
  ["nothing", {}],
  ["a content type alone", { headers: { "content-type": "application/json" } }],
  ["an empty body", { raw: "" }],
  ["an empty object", { body: {} }],
]

describe("a POST that has nothing to say", () => {
  it.effect.each(bodies)("POST /api/v1/workspaces/{workspace}/syncs/{sync}/trigger: takes %s", ([, fields]) =>
    Effect.gen(function* () {
      const emulator = yield* ZeotapEmulator.make()
      const { sync } = yield* emulator.addSync()
      const path = `/api/v1/workspaces/${emulator.workspace.id}/syncs/${sync}/trigger`
      expect((yield* sendTo(emulator, "POST", path, fields)).status).toBe(201)
    }),
  )

  it.effect.each(bodies)("POST /v2/retl-connections/{connection}/stop: takes %s", ([, fields]) =>
    Effect.gen(function* () {
      const emulator = yield* RudderStackEmulator.make()
      const { connection } = yield* emulator.addSync()
      expect((yield* sendTo(emulator, "POST", `/v2/retl-connections/${connection}/stop`, fields)).status).toBe(204)
    }),
  )
})
