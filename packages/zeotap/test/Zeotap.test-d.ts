import type { Ref } from "@openretl/core"
import { Cancellation } from "@openretl/core/Cancellation"
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import { Runs } from "@openretl/core/Runs"
import { ScopedTriggers } from "@openretl/core/ScopedTriggers"
import type { Provided, Workspace } from "@openretl/core/Workspace"
import type { Config, Layer, Scope } from "effect"
import { Effect } from "effect"
import { expectTypeOf, test } from "vitest"
import { Zeotap, type ZeotapApi } from "../src/index.ts"

type All = Runs | CurrentWorkspace

declare const options: Zeotap.Options
declare const wrapped: Config.Wrap<Zeotap.Options>
declare const run: Run
type Driver = ReturnType<typeof Zeotap.driver>

test("the layer provides exactly what Zeotap supports, and requires nothing", () => {
  expectTypeOf(Zeotap.layer(options)).toEqualTypeOf<Layer.Layer<All, RetlError>>()
  expectTypeOf(Zeotap.layerConfig(wrapped)).toEqualTypeOf<Layer.Layer<All, RetlError>>()
})

test("core derives the services from the driver", () => {
  expectTypeOf<Provided<Driver>>().toEqualTypeOf<All>()
  expectTypeOf<Zeotap.Services>().toEqualTypeOf<All>()
})

test("the workspace requires a scope", () => {
  expectTypeOf(Zeotap.workspace(options)).toEqualTypeOf<Effect.Effect<Workspace<All>, RetlError, Scope.Scope>>()
})

test("a trigger compiles with the layer", () => {
  const sync: Effect.Effect<Ref.SyncRef, RetlError> = Zeotap.syncRef("prod", { sync: "s" })
  const trigger = Effect.gen(function* () {
    return yield* (yield* Runs).trigger(yield* sync, { whenRunning: "fail" })
  }).pipe(Effect.provide(Zeotap.layer(options)))
  const ready: Effect.Effect<unknown, unknown, never> = trigger
  expectTypeOf(ready).not.toBeAny()
})

test("neither a cancel nor a full run compiles with this layer alone", () => {
  const cancel = Effect.gen(function* () {
    return yield* (yield* Cancellation).cancel(run.ref)
  }).pipe(Effect.provide(Zeotap.layer(options)))
  // @ts-expect-error Zeotap cannot cancel: Cancellation is still required
  const cancellation: Effect.Effect<unknown, unknown, never> = cancel
  expectTypeOf(cancellation).not.toBeAny()
  expectTypeOf(cancel).toMatchTypeOf<Effect.Effect<unknown, unknown, Cancellation>>()

  const full = Effect.gen(function* () {
    return yield* (yield* ScopedTriggers).trigger(run.ref.sync, { scope: "full", whenRunning: "fail" })
  }).pipe(Effect.provide(Zeotap.layer(options)))
  // @ts-expect-error Zeotap has no scopes: ScopedTriggers is still required
  const scoped: Effect.Effect<unknown, unknown, never> = full
  expectTypeOf(scoped).not.toBeAny()
})

test("the driver has no part for what the vendor lacks", () => {
  expectTypeOf<Driver>().not.toHaveProperty("cancellation")
  expectTypeOf<Driver>().not.toHaveProperty("scopes")
})

test("name, token and workspace id have no default", () => {
  expectTypeOf<Omit<Zeotap.Options, "name">>().not.toMatchTypeOf<Zeotap.Options>()
  expectTypeOf<Omit<Zeotap.Options, "token">>().not.toMatchTypeOf<Zeotap.Options>()
  expectTypeOf<Omit<Zeotap.Options, "workspaceId">>().not.toMatchTypeOf<Zeotap.Options>()
})

test("a run's payload is typed", () => {
  expectTypeOf(Zeotap.nativeOf(run)).toEqualTypeOf<ZeotapApi.Run | undefined>()
  expectTypeOf<ZeotapApi.Run["status"]>().toEqualTypeOf<string>()
})
