import type { Ref } from "@openretl/core"
import type { Administration } from "@openretl/core/Administration"
import type { Cancellation } from "@openretl/core/Cancellation"
import type { Catalog } from "@openretl/core/Catalog"
import type { Creation } from "@openretl/core/Creation"
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import type { Deletion } from "@openretl/core/Deletion"
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import type { Runs } from "@openretl/core/Runs"
import { ScopedTriggers } from "@openretl/core/ScopedTriggers"
import type { Provided, Workspace } from "@openretl/core/Workspace"
import type { Config, Layer, Scope } from "effect"
import { Effect } from "effect"
import { expectTypeOf, test } from "vitest"
import {
  RudderStack,
  RudderStackAdmin,
  type RudderStackApi,
  type RudderStackClient,
  type RudderStackConnectionsApi,
  type RudderStackRunsClient,
} from "../src/index.ts"

type RunServices = Runs | CurrentWorkspace | Cancellation | ScopedTriggers

declare const options: RudderStack.Options
declare const wrapped: Config.Wrap<RudderStack.Options>
declare const run: Run

test("the layer provides exactly the services that RudderStack supports, and needs none", () => {
  expectTypeOf(RudderStack.layer(options)).toEqualTypeOf<Layer.Layer<RunServices, RetlError>>()
  expectTypeOf(RudderStack.layerConfig(wrapped)).toEqualTypeOf<Layer.Layer<RunServices, RetlError>>()
})

test("core derives the same services from the driver", () => {
  expectTypeOf<Provided<ReturnType<typeof RudderStack.driver>>>().toEqualTypeOf<RunServices>()
  expectTypeOf<RudderStack.Services>().toEqualTypeOf<RunServices>()
})

test("a workspace that configures has the catalog, administration, creation and deletion besides", () => {
  type AdminServices = RunServices | Catalog | Administration | Creation | Deletion
  expectTypeOf<Provided<ReturnType<typeof RudderStackAdmin.driver>>>().toEqualTypeOf<AdminServices>()
  expectTypeOf<RudderStackAdmin.Services>().toEqualTypeOf<AdminServices>()
  expectTypeOf(RudderStackAdmin.layer(options)).toEqualTypeOf<Layer.Layer<AdminServices, RetlError>>()
})

test("the complete client has everything of the runs client", () => {
  expectTypeOf<RudderStackClient.RudderStackClient>().toMatchTypeOf<RudderStackRunsClient.RudderStackRunsClient>()
})

test("a create needs the switch of the connection", () => {
  type Request = RudderStackConnectionsApi.CreateConnectionRequest
  expectTypeOf<Omit<Request, "enabled">>().not.toMatchTypeOf<Request>()
})

test("the workspace lives in a scope", () => {
  expectTypeOf(RudderStack.workspace(options)).toEqualTypeOf<
    Effect.Effect<Workspace<RunServices>, RetlError, Scope.Scope>
  >()
})

test("a full run compiles with the layer", () => {
  const sync: Effect.Effect<Ref.SyncRef, RetlError> = RudderStack.syncRef("prod", { connection: "c" })
  const full = Effect.gen(function* () {
    return yield* (yield* ScopedTriggers).trigger(yield* sync, { scope: "full", whenRunning: "fail" })
  })
  expectTypeOf(full.pipe(Effect.provide(RudderStack.layer(options)))).toMatchTypeOf<
    Effect.Effect<unknown, unknown, never>
  >()
})

test("region, token and default scope are required", () => {
  expectTypeOf<{ name: string }>().not.toMatchTypeOf<RudderStack.Options>()
  expectTypeOf<Omit<RudderStack.Options, "region">>().not.toMatchTypeOf<RudderStack.Options>()
  expectTypeOf<Omit<RudderStack.Options, "defaultScope">>().not.toMatchTypeOf<RudderStack.Options>()
  expectTypeOf<Omit<RudderStack.Options, "token">>().not.toMatchTypeOf<RudderStack.Options>()
})

test("a run's payload is typed", () => {
  expectTypeOf(RudderStack.nativeOf(run)).toEqualTypeOf<RudderStackApi.Sync | undefined>()
  expectTypeOf<RudderStackApi.Sync["status"]>().toEqualTypeOf<string>()
})
