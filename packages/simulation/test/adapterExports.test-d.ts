/** Every adapter exports the same names with the same signatures, over types of its own. */
import { describe, expectTypeOf, it } from "@effect/vitest"
import type { Administration } from "@openretl/core/Administration"
import type { Catalog } from "@openretl/core/Catalog"
import type { Change, Definition } from "@openretl/core/Change"
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import type { AnyDriver } from "@openretl/core/driver/Driver"
import type * as FromConfig from "@openretl/core/driver/FromConfig"
import type * as CoreOptions from "@openretl/core/driver/Options"
import type { Target } from "@openretl/core/Move"
import type * as Open from "@openretl/core/Open"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import type { Run } from "@openretl/core/Run"
import type { Runs } from "@openretl/core/Runs"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import type { Sync } from "@openretl/core/Sync"
import type { Workspace } from "@openretl/core/Workspace"
import type { FivetranActivations, FivetranActivationsAdmin } from "@openretl/fivetran-activations"
import type { Hightouch, HightouchAdmin } from "@openretl/hightouch"
import type { Polytomic, PolytomicAdmin } from "@openretl/polytomic"
import type { RudderStack, RudderStackAdmin } from "@openretl/rudderstack"
import type { Segment, SegmentAdmin } from "@openretl/segment"
import type { Zeotap, ZeotapAdmin } from "@openretl/zeotap"
import type { Effect, Layer, Schema, Scope } from "effect"

/** What a module of an adapter exports, `Thing` being what its `nativeOf` takes. */
interface Exports<Options extends CoreOptions.Options, Ids, Client, Services, Thing, Native> {
  readonly Options: Schema.Codec<Options, unknown>
  readonly Ids: Schema.Codec<Ids, unknown>
  readonly client: (options: Options) => Effect.Effect<Client, RetlError>
  readonly driver: (client: Client) => AnyDriver
  readonly workspace: (options: Options) => Effect.Effect<Workspace<Services>, RetlError, Scope.Scope>
  readonly open: (options: Open.Options<Options>) => Promise<Open.OpenWorkspace<Services, Ids>>
  readonly layer: (options: Options) => Layer.Layer<Services, RetlError>
  readonly layerConfig: (wrapped: FromConfig.Wrap<Options>) => Layer.Layer<Services, RetlError>
  readonly workspaceConfig: (
    wrapped: FromConfig.Wrap<Options>,
  ) => Effect.Effect<Workspace<Services>, RetlError, Scope.Scope>
  readonly syncRef: (workspaceName: string, ids: Ids) => Effect.Effect<SyncRef, RetlError>
  readonly nativeOf: (thing: Thing) => Native | undefined
}

/** Those of an adapter that creates no syncs. */
interface ChangingExports<Options extends CoreOptions.Options, Ids, Client, Services, Native, SyncChange>
  extends Exports<Options, Ids, Client, Services, Sync, Native> {
  readonly schedules: ScheduleForms
  readonly change: (change: SyncChange) => Change
}

interface AdminExports<Options extends CoreOptions.Options, Ids, Client, Services, Native, NewSync, SyncChange>
  extends ChangingExports<Options, Ids, Client, Services, Native, SyncChange> {
  readonly target: Target
  readonly definition: (sync: NewSync) => Definition
}

type Success<F> = F extends (...args: never) => Effect.Effect<infer A, infer _E, infer _R> ? A : never
type Result<F> = F extends (...args: never) => infer A ? Exclude<A, undefined> : never

type Of<
  Module extends { readonly client: unknown; readonly nativeOf: unknown },
  Options extends CoreOptions.Options,
  Ids,
  Services,
> = Exports<Options, Ids, Success<Module["client"]>, Services, Run, Result<Module["nativeOf"]>>

type AdminOf<
  Module extends { readonly client: unknown; readonly nativeOf: unknown },
  Options extends CoreOptions.Options,
  Ids,
  Services,
  NewSync,
  SyncChange,
> = AdminExports<Options, Ids, Success<Module["client"]>, Services, Result<Module["nativeOf"]>, NewSync, SyncChange>

describe("the exports of adapters", () => {
  it("F1: every adapter's run module has the same signatures", () => {
    expectTypeOf<typeof Segment>().toExtend<Of<typeof Segment, Segment.Options, Segment.Ids, Segment.Services>>()
    expectTypeOf<typeof RudderStack>().toExtend<
      Of<typeof RudderStack, RudderStack.Options, RudderStack.Ids, RudderStack.Services>
    >()
    expectTypeOf<typeof Zeotap>().toExtend<Of<typeof Zeotap, Zeotap.Options, Zeotap.Ids, Zeotap.Services>>()
    expectTypeOf<typeof Hightouch>().toExtend<
      Of<typeof Hightouch, Hightouch.Options, Hightouch.Ids, Hightouch.Services>
    >()
    expectTypeOf<typeof Polytomic>().toExtend<
      Of<typeof Polytomic, Polytomic.Options, Polytomic.Ids, Polytomic.Services>
    >()
    expectTypeOf<typeof FivetranActivations>().toExtend<
      Of<typeof FivetranActivations, FivetranActivations.Options, FivetranActivations.Ids, FivetranActivations.Services>
    >()
  })

  it("F1: every adapter's admin module has the same signatures", () => {
    expectTypeOf<typeof SegmentAdmin>().toExtend<
      AdminOf<
        typeof SegmentAdmin,
        SegmentAdmin.Options,
        SegmentAdmin.Ids,
        SegmentAdmin.Services,
        SegmentAdmin.NewSync,
        SegmentAdmin.SyncChange
      >
    >()
    expectTypeOf<typeof RudderStackAdmin>().toExtend<
      AdminOf<
        typeof RudderStackAdmin,
        RudderStackAdmin.Options,
        RudderStackAdmin.Ids,
        RudderStackAdmin.Services,
        RudderStackAdmin.NewSync,
        RudderStackAdmin.SyncChange
      >
    >()
    expectTypeOf<typeof ZeotapAdmin>().toExtend<
      AdminOf<
        typeof ZeotapAdmin,
        ZeotapAdmin.Options,
        ZeotapAdmin.Ids,
        ZeotapAdmin.Services,
        ZeotapAdmin.NewSync,
        ZeotapAdmin.SyncChange
      >
    >()
    expectTypeOf<typeof HightouchAdmin>().toExtend<
      AdminOf<
        typeof HightouchAdmin,
        HightouchAdmin.Options,
        HightouchAdmin.Ids,
        HightouchAdmin.Services,
        HightouchAdmin.NewSync,
        HightouchAdmin.SyncChange
      >
    >()
    expectTypeOf<typeof PolytomicAdmin>().toExtend<
      ChangingExports<
        PolytomicAdmin.Options,
        PolytomicAdmin.Ids,
        Success<(typeof PolytomicAdmin)["client"]>,
        PolytomicAdmin.Services,
        Result<(typeof PolytomicAdmin)["nativeOf"]>,
        PolytomicAdmin.SyncChange
      >
    >()
    expectTypeOf<typeof FivetranActivationsAdmin>().toExtend<
      ChangingExports<
        FivetranActivationsAdmin.Options,
        FivetranActivationsAdmin.Ids,
        Success<(typeof FivetranActivationsAdmin)["client"]>,
        FivetranActivationsAdmin.Services,
        Result<(typeof FivetranActivationsAdmin)["nativeOf"]>,
        FivetranActivationsAdmin.SyncChange
      >
    >()
  })

  it("F1: adapters export the same names", () => {
    expectTypeOf<keyof typeof Segment>().toEqualTypeOf<keyof Exports<CoreOptions.Options, 0, 0, 0, 0, 0>>()
    expectTypeOf<keyof typeof RudderStack>().toEqualTypeOf<keyof typeof Segment>()
    expectTypeOf<keyof typeof Zeotap>().toEqualTypeOf<keyof typeof Segment>()
    expectTypeOf<keyof typeof FivetranActivations>().toEqualTypeOf<keyof typeof Segment>()
    expectTypeOf<keyof typeof SegmentAdmin>().toEqualTypeOf<keyof AdminExports<CoreOptions.Options, 0, 0, 0, 0, 0, 0>>()
    expectTypeOf<keyof typeof RudderStackAdmin>().toEqualTypeOf<keyof typeof SegmentAdmin>()
    expectTypeOf<keyof typeof ZeotapAdmin>().toEqualTypeOf<keyof typeof SegmentAdmin>()
    expectTypeOf<keyof typeof FivetranActivationsAdmin>().toEqualTypeOf<
      keyof ChangingExports<CoreOptions.Options, 0, 0, 0, 0, 0>
    >()
    expectTypeOf<keyof typeof Polytomic>().toEqualTypeOf<keyof typeof Segment>()
    expectTypeOf<keyof typeof PolytomicAdmin>().toEqualTypeOf<keyof typeof FivetranActivationsAdmin>()
    expectTypeOf<keyof typeof Hightouch>().toEqualTypeOf<keyof typeof Segment>()
    expectTypeOf<keyof typeof HightouchAdmin>().toEqualTypeOf<keyof typeof SegmentAdmin>()
    expectTypeOf<Runs | CurrentWorkspace>().toExtend<Segment.Services & RudderStack.Services & Zeotap.Services>()
    expectTypeOf<Catalog | Administration>().toExtend<SegmentAdmin.Services & ZeotapAdmin.Services>()
  })
})
