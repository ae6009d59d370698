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
import { Hightouch, type HightouchAdmin, type HightouchApi } from "../src/index.ts"

type All = Runs | CurrentWorkspace | ScopedTriggers

declare const options: Hightouch.Options
declare const wrapped: Config.Wrap<Hightouch.Options>
declare const run: Run
type Driver = ReturnType<typeof Hightouch.driver>

test("the layer provides exactly what Hightouch supports, and requires nothing", () => {
  expectTypeOf(Hightouch.layer(options)).toEqualTypeOf<Layer.Layer<All, RetlError>>()
  expectTypeOf(Hightouch.layerConfig(wrapped)).toEqualTypeOf<Layer.Layer<All, RetlError>>()
})

test("core derives the services from the driver", () => {
  expectTypeOf<Provided<Driver>>().toEqualTypeOf<All>()
  expectTypeOf<Hightouch.Services>().toEqualTypeOf<All>()
})

test("the workspace requires a scope", () => {
  expectTypeOf(Hightouch.workspace(options)).toEqualTypeOf<Effect.Effect<Workspace<All>, RetlError, Scope.Scope>>()
})

test("a trigger compiles with the layer", () => {
  const sync: Effect.Effect<Ref.SyncRef, RetlError> = Hightouch.syncRef("prod", { sync: "s" })
  const trigger = Effect.gen(function* () {
    return yield* (yield* Runs).trigger(yield* sync, { whenRunning: "fail" })
  }).pipe(Effect.provide(Hightouch.layer(options)))
  const ready: Effect.Effect<unknown, unknown, never> = trigger
  expectTypeOf(ready).not.toBeAny()
})

test("a full run compiles with this layer, and a cancel does not", () => {
  const cancel = Effect.gen(function* () {
    return yield* (yield* Cancellation).cancel(run.ref)
  }).pipe(Effect.provide(Hightouch.layer(options)))
  // @ts-expect-error Hightouch cannot cancel: Cancellation is still required
  const cancellation: Effect.Effect<unknown, unknown, never> = cancel
  expectTypeOf(cancellation).not.toBeAny()

  const full: Effect.Effect<unknown, unknown, never> = Effect.gen(function* () {
    return yield* (yield* ScopedTriggers).trigger(run.ref.sync, { scope: "clearAndFill", whenRunning: "fail" })
  }).pipe(Effect.provide(Hightouch.layer(options)))
  expectTypeOf(full).not.toBeAny()
})

test("the driver has no part for what the vendor lacks", () => {
  expectTypeOf<Driver>().not.toHaveProperty("cancellation")
  expectTypeOf<ReturnType<typeof HightouchAdmin.driver>["administration"]>().not.toHaveProperty("delete")
})

test("name, token and default scope have no default", () => {
  expectTypeOf<Omit<Hightouch.Options, "name">>().not.toMatchTypeOf<Hightouch.Options>()
  expectTypeOf<Omit<Hightouch.Options, "token">>().not.toMatchTypeOf<Hightouch.Options>()
  expectTypeOf<Omit<Hightouch.Options, "defaultScope">>().not.toMatchTypeOf<Hightouch.Options>()
})

test("a run's payload is typed", () => {
  expectTypeOf(Hightouch.nativeOf(run)).toEqualTypeOf<HightouchApi.Run | undefined>()
  expectTypeOf<HightouchApi.Run["status"]>().toEqualTypeOf<string>()
})
