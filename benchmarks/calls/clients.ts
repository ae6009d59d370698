/** Clients that read the status of one Segment run. */
import * as KyTransport from "@openretl/core/KyTransport"
import { RunRef } from "@openretl/core/Ref"
import * as Runs from "@openretl/core/Runs"
import { type Service, Transport } from "@openretl/core/Transport"
import * as Workspace from "@openretl/core/Workspace"
import * as Segment from "@openretl/segment/Segment"
import * as UndiciTransport from "@openretl/undici/UndiciTransport"
import { ReverseETLApi } from "@segment/public-api-sdk-typescript"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import type * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"
import ky from "ky"
import * as Undici from "undici"
import { ids, run } from "./ref.ts"

export interface Client {
  readonly name: string
  /** Sends `calls` requests, `atOnce` of them at a time. */
  readonly run: (calls: number, atOnce: number) => Promise<void>
}

const token = "benchmark-token"
const { model } = ids

/** A tracer that creates spans and exports none. */
const tracer = Tracer.make({ span: (options) => new Tracer.NativeSpan(options) })

/** Runs a call with a logger that gets the line of each request, and drops it. */
const logged = <A, E>(call: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  call.pipe(
    Effect.provideService(References.MinimumLogLevel, "Debug"),
    Effect.provideService(References.CurrentLoggers, new Set([Logger.make(() => {})])),
  )

/** Opens a workspace over a transport. */
export const open = (origin: string, transport: Service) =>
  Effect.gen(function* () {
    const options = { name: "bench", region: "us", baseUrl: origin, token: Redacted.make(token) } as const
    const client = yield* Segment.client(options)
    // Without limits: a workspace would otherwise keep to the 250 reads a minute that Segment documents.
    const driver = Segment.driver(client)
    const unlimited = { ...driver, description: { ...driver.description, limits: [] } }
    const { services } = yield* Workspace.make(options, unlimited)
    const sync = yield* Segment.syncRef(options.name, ids)
    return { client, runs: Context.get(services, Runs.Runs), sync }
  }).pipe(Effect.provideService(Transport, transport))

/** The transports, by the names of their libraries. */
export const transports = Effect.map(UndiciTransport.make(), (undici) => ({ ky: KyTransport.make(), undici }))

export const make = (origin: string): Effect.Effect<ReadonlyArray<Client>, unknown, Scope.Scope> =>
  Effect.gen(function* () {
    const url = `${origin}/reverse-etl-models/${model}/syncs/${run}`
    const headers = { accept: "application/json", authorization: `Bearer ${token}` }
    const bare = ky.create({ headers })
    const dispatcher = new Undici.Agent({ allowH2: false })
    yield* Effect.addFinalizer(() => Effect.promise(() => dispatcher.close()))
    const sdk = new ReverseETLApi(origin)
    sdk.accessToken = token
    const effects = yield* Effect.provide(HttpClient.HttpClient, FetchHttpClient.layer)

    const ours = yield* Effect.forEach(Object.entries(yield* transports), ([name, transport]) =>
      Effect.map(open(origin, transport), ({ client, runs, sync }) => {
        const ref = new RunRef({ sync, run })
        return [
          ofEffects(`OpenRETL client, ${name}`, client.getSyncStatus(model, run)),
          ofEffects(`OpenRETL runs.get, ${name}`, runs.get(ref)),
          ofEffects(`OpenRETL runs.get, ${name}, traced`, Effect.withTracer(runs.get(ref), tracer)),
          ofEffects(`OpenRETL runs.get, ${name}, traced and logged`, logged(Effect.withTracer(runs.get(ref), tracer))),
        ]
      }),
    )
    return [
      ofPromises("fetch + JSON.parse", async () => JSON.parse(await (await fetch(url, { headers })).text())),
      ofPromises("undici + JSON.parse", async () => {
        const { body } = await Undici.request(url, { headers, dispatcher })
        return JSON.parse(await body.text())
      }),
      ofPromises("ky", () => bare.get(url).json()),
      ofPromises("@segment/public-api-sdk-typescript", () => sdk.getReverseETLSyncFromModel(model, run)),
      ofEffects(
        "Effect's FetchHttpClient",
        Effect.flatMap(effects.get(url, { headers }), ({ json }) => json),
      ),
      ...ours.flat(),
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
  run: (calls, atOnce) => {
    let remaining = calls
    // As many loops as there are calls at once, as of the promises.
    const work = Effect.whileLoop({ while: () => remaining-- > 0, body: () => call, step: () => {} })
    return Effect.runPromise(
      Effect.all(
        Array.from({ length: atOnce }, () => work),
        { concurrency: "unbounded", discard: true },
      ),
    )
  },
})
