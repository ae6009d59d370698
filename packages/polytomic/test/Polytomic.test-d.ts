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
import { Polytomic, type PolytomicAdmin, type PolytomicApi } from "../src/index.ts"

type All = Runs | CurrentWorkspace | ScopedTriggers | Cancellation

declare const options: Polytomic.Options
declare const wrapped: Config.Wrap<Polytomic.Options>
declare const run: Run
type Driver = ReturnType<typeof Polytomic.driver>

test("the layer provides exactly what Polytomic supports, and requires nothing", () => {
  expectTypeOf(Polytomic.layer(options)).toEqualTypeOf<Layer.Layer<All, RetlError>>()
  expectTypeOf(Polytomic.layerConfig(wrapped)).toEqualTypeOf<Layer.Layer<All, RetlError>>()
})

test("core derives the services from the driver", () => {
  expectTypeOf<Provided<Driver>>().toEqualTypeOf<All>()
  expectTypeOf<Polytomic.Services>().toEqualTypeOf<All>()
})

test("the workspace requires a scope", () => {
  expectTypeOf(Polytomic.workspace(options)).toEqualTypeOf<Effect.Effect<Workspace<All>, RetlError, Scope.Scope>>()
})

test("a trigger compiles with the layer", () => {
  const sync: Effect.Effect<Ref.SyncRef, RetlError> = Polytomic.syncRef("prod", { sync: "s" })
  const trigger = Effect.gen(function* () {
    return yield* (yield* Runs).trigger(yield* sync, { whenRunning: "fail" })
  }).pipe(Effect.provide(Polytomic.layer(options)))
  const ready: Effect.Effect<unknown, unknown, never> = trigger
  expectTypeOf(ready).not.toBeAny()
})

test("a full run and a cancel compile with this layer", () => {
  const both: Effect.Effect<unknown, unknown, never> = Effect.gen(function* () {
    yield* (yield* ScopedTriggers).trigger(run.ref.sync, { scope: "full", whenRunning: "fail" })
    return yield* (yield* Cancellation).cancel(run.ref)
  }).pipe(Effect.provide(Polytomic.layer(options)))
  expectTypeOf(both).not.toBeAny()
})

test("the driver has no part for what the adapter lacks", () => {
  expectTypeOf<ReturnType<typeof PolytomicAdmin.driver>["administration"]>().not.toHaveProperty("create")
  expectTypeOf<ReturnType<typeof PolytomicAdmin.driver>["administration"]>().toHaveProperty("delete")
})

test("name, token and default scope have no default", () => {
  expectTypeOf<Omit<Polytomic.Options, "name">>().not.toMatchTypeOf<Polytomic.Options>()
  expectTypeOf<Omit<Polytomic.Options, "token">>().not.toMatchTypeOf<Polytomic.Options>()
  expectTypeOf<Omit<Polytomic.Options, "defaultScope">>().not.toMatchTypeOf<Polytomic.Options>()
})

test("a run's payload is typed", () => {
  expectTypeOf(Polytomic.nativeOf(run)).toEqualTypeOf<PolytomicApi.Execution | undefined>()
  expectTypeOf<PolytomicApi.Execution["status"]>().toEqualTypeOf<string>()
})
