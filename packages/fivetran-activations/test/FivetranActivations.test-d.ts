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
import { FivetranActivations, type FivetranActivationsAdmin, type FivetranActivationsApi } from "../src/index.ts"

type All = Runs | CurrentWorkspace | Cancellation | ScopedTriggers

declare const options: FivetranActivations.Options
declare const wrapped: Config.Wrap<FivetranActivations.Options>
declare const run: Run
type Driver = ReturnType<typeof FivetranActivations.driver>

test("the layer provides exactly what Fivetran Activations supports, and requires nothing", () => {
  expectTypeOf(FivetranActivations.layer(options)).toEqualTypeOf<Layer.Layer<All, RetlError>>()
  expectTypeOf(FivetranActivations.layerConfig(wrapped)).toEqualTypeOf<Layer.Layer<All, RetlError>>()
})

test("core derives the services from the driver", () => {
  expectTypeOf<Provided<Driver>>().toEqualTypeOf<All>()
  expectTypeOf<FivetranActivations.Services>().toEqualTypeOf<All>()
})

test("the workspace requires a scope", () => {
  expectTypeOf(FivetranActivations.workspace(options)).toEqualTypeOf<
    Effect.Effect<Workspace<All>, RetlError, Scope.Scope>
  >()
})

test("a trigger compiles with the layer", () => {
  const sync: Effect.Effect<Ref.SyncRef, RetlError> = FivetranActivations.syncRef("prod", { sync: "s" })
  const trigger = Effect.gen(function* () {
    return yield* (yield* Runs).trigger(yield* sync, { whenRunning: "fail" })
  }).pipe(Effect.provide(FivetranActivations.layer(options)))
  const ready: Effect.Effect<unknown, unknown, never> = trigger
  expectTypeOf(ready).not.toBeAny()
})

test("a full run and a cancel compile with this layer", () => {
  const both: Effect.Effect<unknown, unknown, never> = Effect.gen(function* () {
    yield* (yield* ScopedTriggers).trigger(run.ref.sync, { scope: "full", whenRunning: "fail" })
    return yield* (yield* Cancellation).cancel(run.ref)
  }).pipe(Effect.provide(FivetranActivations.layer(options)))
  expectTypeOf(both).not.toBeAny()
})

test("the driver has all parts", () => {
  expectTypeOf<Driver>().toHaveProperty("cancellation")
  expectTypeOf<ReturnType<typeof FivetranActivationsAdmin.driver>["administration"]>().toHaveProperty("delete")
})

test("name, token and default scope have no default", () => {
  expectTypeOf<Omit<FivetranActivations.Options, "name">>().not.toMatchTypeOf<FivetranActivations.Options>()
  expectTypeOf<Omit<FivetranActivations.Options, "token">>().not.toMatchTypeOf<FivetranActivations.Options>()
  expectTypeOf<Omit<FivetranActivations.Options, "defaultScope">>().not.toMatchTypeOf<FivetranActivations.Options>()
})

test("a run's payload is typed", () => {
  expectTypeOf(FivetranActivations.nativeOf(run)).toEqualTypeOf<FivetranActivationsApi.Run | undefined>()
  expectTypeOf<FivetranActivationsApi.Run["status"]>().toEqualTypeOf<string>()
})
