/** Five clients that read the status of one Segment run. */
import * as Runs from "@openretl/core/Runs"
import * as Workspace from "@openretl/core/Workspace"
import * as Segment from "@openretl/segment/Segment"
import { ReverseETLApi } from "@segment/public-api-sdk-typescript"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import ky from "ky"
import { runRef } from "./ref.ts"

export interface Client {
  readonly name: string
  /** Sends `calls` requests, `atOnce` of them at a time. */
  readonly run: (calls: number, atOnce: number) => Promise<void>
}

const token = "benchmark-token"
const model = "eD2WtDYk5Jxs3rXB2ExzHw"
const run = "1234567"

export const make = (origin: string): Effect.Effect<ReadonlyArray<Client>, unknown, Scope.Scope> =>
  Effect.gen(function* () {
    const url = `${origin}/reverse-etl-models/${model}/syncs/${run}`
    const headers = { accept: "application/json", authorization: `Bearer ${token}` }
    const bare = ky.create({ headers })
    const sdk = new ReverseETLApi(origin)
    sdk.accessToken = token

    const options = { name: "bench", region: "us", baseUrl: origin, token: Redacted.make(token) } as const
    const client = yield* Segment.client(options)
    // Without limits: a workspace would otherwise keep to the 250 reads a minute that Segment documents.
    const driver = Segment.driver(client)
    const unlimited = { ...driver, description: { ...driver.description, limits: [] } }
    const { services } = yield* Workspace.make(options, unlimited)
    const runs = Context.get(services, Runs.Runs)
    const ref = yield* runRef(options.name, model, run)

    return [
      ofPromises("fetch + JSON.parse", async () => JSON.parse(await (await fetch(url, { headers })).text())),
      ofPromises("ky", () => bare.get(url).json()),
      ofPromises("@segment/public-api-sdk-typescript", () => sdk.getReverseETLSyncFromModel(model, run)),
      ofEffects("OpenRETL client.getSyncStatus", client.getSyncStatus(model, run)),
      ofEffects("OpenRETL runs.get", runs.get(ref)),
    ]
  })

const ofPromises = (name: string, call: () => Promise<unknown>): Client => ({
  name,
  run: async (calls, atOnce) => {
    let remaining = calls
    const work = async () => {
      while (remaining-- > 0) await call()
    }
    await Promise.all(Array.from({ length: atOnce }, work))
  },
})

const ofEffects = (name: string, call: Effect.Effect<unknown, unknown>): Client => ({
  name,
  run: (calls, atOnce) =>
    Effect.runPromise(
      Effect.forEach(Array.from({ length: calls }), () => call, { concurrency: atOnce, discard: true }),
    ),
})
