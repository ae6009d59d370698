import type { Ref } from "@openretl/core"
import type { Administration } from "@openretl/core/Administration"
import { Cancellation } from "@openretl/core/Cancellation"
import type { Catalog } from "@openretl/core/Catalog"
import type { Change, Definition } from "@openretl/core/Change"
import type { Creation } from "@openretl/core/Creation"
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import type { Deletion } from "@openretl/core/Deletion"
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import type { Runs } from "@openretl/core/Runs"
import { ScopedTriggers } from "@openretl/core/ScopedTriggers"
import type { Provided, Workspace } from "@openretl/core/Workspace"
import type { Config, Layer, Scope, Stream } from "effect"
import { Effect } from "effect"
import { expectTypeOf, test } from "vitest"
import {
  Segment,
  SegmentAdmin,
  type SegmentApi,
  type SegmentClient,
  type SegmentModelsApi,
  type SegmentRunsClient,
} from "../src/index.ts"

type All = Runs | CurrentWorkspace | Cancellation

declare const options: Segment.Options
declare const wrapped: Config.Wrap<Segment.Options>
declare const run: Run
declare const client: SegmentClient.SegmentClient
declare const ref: Ref.RunRef

const sync: Effect.Effect<Ref.SyncRef, RetlError> = Segment.syncRef("prod", {
  source: "s",
  model: "m",
  subscription: "n",
})

test("the layer provides exactly what Segment supports, and requires nothing", () => {
  expectTypeOf(Segment.layer(options)).toEqualTypeOf<Layer.Layer<All, RetlError>>()
  expectTypeOf(Segment.layerConfig(wrapped)).toEqualTypeOf<Layer.Layer<All, RetlError>>()
})

test("the services are those that core derives from the driver", () => {
  expectTypeOf<Provided<ReturnType<typeof Segment.driver>>>().toEqualTypeOf<All>()
  expectTypeOf<Segment.Services>().toEqualTypeOf<All>()
})

test("the workspace lives in a scope", () => {
  expectTypeOf(Segment.workspace(options)).toEqualTypeOf<Effect.Effect<Workspace<All>, RetlError, Scope.Scope>>()
})

test("a program that cancels compiles with the layer", () => {
  const stop = Effect.flatMap(Cancellation, ({ cancel }) => cancel(ref))
  expectTypeOf(stop.pipe(Effect.provide(Segment.layer(options)))).toMatchTypeOf<
    Effect.Effect<unknown, unknown, never>
  >()
})

test("T6: a full run does not compile, since Segment has no scopes", () => {
  const full = Effect.gen(function* () {
    return yield* (yield* ScopedTriggers).trigger(yield* sync, { scope: "full", whenRunning: "fail" })
  }).pipe(Effect.provide(Segment.layer(options)))
  expectTypeOf(full).toMatchTypeOf<Effect.Effect<unknown, unknown, ScopedTriggers>>()
  // @ts-expect-error ScopedTriggers is still required
  const runnable: Effect.Effect<unknown, unknown, never> = full
  expectTypeOf(runnable).not.toBeAny()
})

test("region and token have no default, and a sync has three ids", () => {
  expectTypeOf<{ name: string }>().not.toMatchTypeOf<Segment.Options>()
  expectTypeOf<Omit<Segment.Options, "region">>().not.toMatchTypeOf<Segment.Options>()
  expectTypeOf<Omit<Segment.Options, "token">>().not.toMatchTypeOf<Segment.Options>()
  expectTypeOf<{ source: string; model: string }>().not.toMatchTypeOf<Parameters<typeof Segment.syncRef>[1]>()
})

test("a cancel's reason is one of five", () => {
  expectTypeOf<SegmentApi.ReasonForCanceling>().toEqualTypeOf<0 | 1 | 2 | 3 | 4>()
  expectTypeOf(client.cancelSync).parameter(2).toEqualTypeOf<SegmentApi.CancelSyncRequest | undefined>()
})

test("SegmentAdmin provides four services more than Segment", () => {
  type More = All | Catalog | Administration | Creation | Deletion
  expectTypeOf(SegmentAdmin.layer(options)).toEqualTypeOf<Layer.Layer<More, RetlError>>()
  expectTypeOf(SegmentAdmin.layerConfig(wrapped)).toEqualTypeOf<Layer.Layer<More, RetlError>>()
  expectTypeOf<Provided<ReturnType<typeof SegmentAdmin.driver>>>().toEqualTypeOf<More>()
  expectTypeOf<Workspace<SegmentAdmin.Services>>().toEqualTypeOf<Workspace<More>>()
})

test("a new sync needs all of its parts, and a change can name none of them", () => {
  expectTypeOf(SegmentAdmin.definition).returns.toEqualTypeOf<Definition>()
  expectTypeOf(SegmentAdmin.change).returns.toEqualTypeOf<Change>()
  for (const name of ["name", "source", "model", "destination", "action", "trigger"] as const) {
    expectTypeOf<Omit<SegmentAdmin.NewSync, typeof name>>().not.toMatchTypeOf<SegmentAdmin.NewSync>()
  }
  expectTypeOf<keyof SegmentAdmin.SyncChange>().toEqualTypeOf<
    "name" | "enabled" | "schedule" | "trigger" | "settings" | "literal"
  >()
})

test("the driver of runs needs only the client of runs", () => {
  expectTypeOf(Segment.driver).parameter(0).toEqualTypeOf<SegmentRunsClient.SegmentRunsClient>()
  expectTypeOf<SegmentClient.SegmentClient>().toMatchTypeOf<SegmentRunsClient.SegmentRunsClient>()
  expectTypeOf(client.streamModels()).toEqualTypeOf<Stream.Stream<SegmentModelsApi.Model, RetlError>>()
})

test("a run's payload is typed", () => {
  expectTypeOf(Segment.nativeOf(run)).toEqualTypeOf<SegmentApi.SyncStatus | undefined>()
  expectTypeOf<SegmentApi.SyncStatus["syncStatus"]>().toEqualTypeOf<string>()
})
