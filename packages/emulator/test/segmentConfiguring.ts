/** The part of Segment's scenario about models, destinations and subscriptions: see `scenarios.ts`. */
import type { Method } from "@openretl/core/Transport"
import type { Ids } from "@openretl/emulator/Emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { Answer, RequestFields } from "./client.ts"

type RecordRequest<E> = (method: Method, path: string, fields?: RequestFields) => Effect.Effect<Answer, E>

export const configuring = <E>(record: RecordRequest<E>, parts: Ids) =>
  Effect.gen(function* () {
    const { model, destination, action } = parts
    const root = `/destinations/${destination}`
    const create = (extra: object) =>
      record("POST", `${root}/subscriptions`, {
        body: { name: "s", actionId: action, trigger: 'event = "new"', enabled: true, settings: { a: 1 }, ...extra },
      })
    const mapping = (yield* create({ modelId: model })).json.data.destinationSubscription.id
    yield* create({})
    yield* TestClock.adjust("2 hours")
    yield* record("GET", root)
    yield* record("PATCH", `${root}/subscriptions/${mapping}`, {
      body: { input: { settings: { b: 2 }, reverseETLSchedule: { strategy: "MANUAL" } } },
    })
    yield* record("GET", `${root}/subscriptions`)
    yield* record("DELETE", `/reverse-etl-models/${model}`)
    yield* record("GET", `${root}/subscriptions`)
  })
