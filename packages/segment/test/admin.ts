/** A workspace that configures syncs, over an emulator. */
import { Administration } from "@openretl/core/Administration"
import { Catalog } from "@openretl/core/Catalog"
import type { ChangeFailure } from "@openretl/core/Change"
import { Creation } from "@openretl/core/Creation"
import { Deletion } from "@openretl/core/Deletion"
import { SyncRef } from "@openretl/core/Ref"
import * as Schedule from "@openretl/core/Schedule"
import { Transport } from "@openretl/core/Transport"
import type { Ids } from "@openretl/emulator/Emulator"
import * as SegmentEmulator from "@openretl/emulator/SegmentEmulator"
import { Context, Duration, Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import * as Segment from "../src/Segment.ts"
import * as SegmentAdmin from "../src/SegmentAdmin.ts"
import * as SegmentClient from "../src/SegmentClient.ts"
import { now } from "./emulated.ts"

/** Returns the definition of a new sync over parts of the emulator. */
export const definition = (
  { source = "", model = "", destination = "", action = "" }: Ids,
  wanted: { readonly name: string; readonly enabled?: boolean; readonly schedule?: Schedule.Schedule },
) =>
  SegmentAdmin.definition({
    ...wanted,
    source,
    model,
    destination,
    action,
    trigger: 'event = "new"',
    settings: { email: { "@path": "$.properties.email" } },
  })

/** Returns the text of a ref without its optional id. */
export const textOf = ({ workspace, vendor, ids: { destination: _, ...ids } }: SyncRef): string =>
  String(new SyncRef({ workspace, vendor, ids }))

export const admin = Effect.fnUntraced(function* (options: SegmentEmulator.Options = {}) {
  yield* TestClock.setTime(now)
  const emulator = yield* SegmentEmulator.make(options)
  const { services } = yield* SegmentAdmin.workspace({
    name: "prod",
    region: "us",
    token: Redacted.make(emulator.token),
  }).pipe(Effect.provideService(Transport, emulator.transport))
  const api = yield* SegmentClient.make({
    workspace: "prod",
    baseUrl: emulator.baseUrl,
    token: Redacted.make(emulator.token),
  }).pipe(Effect.provideService(Transport, emulator.transport))
  const refOf = ({ source = "", model = "", subscription = "", destination }: Ids) =>
    Segment.syncRef("prod", { source, model, subscription, ...(destination !== undefined && { destination }) })
  return {
    emulator,
    /** The client, for endpoints that the services do not cover. */
    api,
    refOf,
    catalog: Context.get(services, Catalog),
    administration: Context.get(services, Administration),
    create: Context.get(services, Creation).create,
    remove: Context.get(services, Deletion).delete,
  }
})

/** Runs an effect within this much virtual time. It begins with a sleep: the test clock waits for what it wakes. */
export const within = Effect.fnUntraced(function* <A, E>(time: Duration.Input, work: Effect.Effect<A, E>) {
  const fiber = yield* Effect.forkChild(Effect.delay(work, "1 millis"))
  yield* TestClock.adjust(Duration.fromInputUnsafe(time))
  return yield* Fiber.join(fiber)
})

export type Failure = ChangeFailure

/** Returns how a change fails, within an hour of virtual time. */
export const failureOf = <A>(work: Effect.Effect<A, Failure>) => within("1 hour", Effect.flip(work))

/** Returns the bodies of the requests of one kind. */
export const bodies = (
  calls: ReadonlyArray<{ readonly operation: string; readonly body?: string }>,
  kind: string,
): ReadonlyArray<unknown> =>
  calls.flatMap(({ operation, body }) =>
    operation === kind ? [body === undefined ? undefined : JSON.parse(body)] : [],
  )

export const everyHour = Schedule.every("1 hour")
