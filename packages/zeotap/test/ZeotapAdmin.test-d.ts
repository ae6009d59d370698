import type { Administration } from "@openretl/core/Administration"
import { Catalog } from "@openretl/core/Catalog"
import type * as Change from "@openretl/core/Change"
import type { Creation } from "@openretl/core/Creation"
import type { Deletion } from "@openretl/core/Deletion"
import type { RetlError } from "@openretl/core/RetlError"
import type { Sync } from "@openretl/core/Sync"
import type { Provided, Workspace } from "@openretl/core/Workspace"
import type { Config, Layer, Scope } from "effect"
import { Effect, Stream } from "effect"
import { expectTypeOf, test } from "vitest"
import { Zeotap, ZeotapAdmin, type ZeotapApi, type ZeotapClient, type ZeotapRunsClient } from "../src/index.ts"

type All = Zeotap.Services | Catalog | Administration | Creation | Deletion

declare const options: ZeotapAdmin.Options
declare const wrapped: Config.Wrap<ZeotapAdmin.Options>
declare const sync: Sync
declare const complete: ZeotapClient.ZeotapClient
declare const runs: ZeotapRunsClient.ZeotapRunsClient

test("the layer provides what Zeotap provides, and the services that configure", () => {
  expectTypeOf(ZeotapAdmin.layer(options)).toEqualTypeOf<Layer.Layer<All, RetlError>>()
  expectTypeOf(ZeotapAdmin.layerConfig(wrapped)).toEqualTypeOf<Layer.Layer<All, RetlError>>()
  expectTypeOf<Provided<ReturnType<typeof ZeotapAdmin.driver>>>().toEqualTypeOf<All>()
  expectTypeOf(ZeotapAdmin.workspace(options)).toEqualTypeOf<Effect.Effect<Workspace<All>, RetlError, Scope.Scope>>()
  expectTypeOf<ZeotapAdmin.Options>().toEqualTypeOf<Zeotap.Options>()
})

test("a catalog does not compile with the layer that only runs syncs", () => {
  const listed = Effect.gen(function* () {
    return yield* Stream.runCollect((yield* Catalog).list)
  })
  const ready: Effect.Effect<unknown, unknown, never> = listed.pipe(Effect.provide(ZeotapAdmin.layer(options)))
  expectTypeOf(ready).not.toBeAny()
  const bare = listed.pipe(Effect.provide(Zeotap.layer(options)))
  // @ts-expect-error the catalog is still required
  const not: Effect.Effect<unknown, unknown, never> = bare
  expectTypeOf(not).not.toBeAny()
})

test("a driver that runs syncs takes either client, and one that configures takes the complete client", () => {
  expectTypeOf(complete).toExtend<ZeotapRunsClient.ZeotapRunsClient>()
  Zeotap.driver(runs)
  // @ts-expect-error the functions of configuration are missing
  ZeotapAdmin.driver(runs)
})

test("a new sync has every required field, and a change has any field", () => {
  const whole = {
    name: "Orders",
    model: "m",
    destination: "d",
    mapping: [{ from: "email", to: "Email" }],
    mode: "upsert",
    primaryKey: "id",
  } as const
  expectTypeOf(ZeotapAdmin.definition(whole)).toEqualTypeOf<Change.Definition>()
  expectTypeOf(ZeotapAdmin.change({ mode: "mirror" })).toEqualTypeOf<Change.Change>()
  // @ts-expect-error the API has no such mode, though product pages mention it
  ZeotapAdmin.change({ mode: "append" })
  const { primaryKey: _, ...keyless } = whole
  // @ts-expect-error every sync has a primary key
  ZeotapAdmin.definition(keyless)
})

test("a sync's payload is typed", () => {
  expectTypeOf(ZeotapAdmin.nativeOf(sync)).toEqualTypeOf<ZeotapApi.Sync | undefined>()
})
