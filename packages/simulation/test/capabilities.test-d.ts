import { describe, expectTypeOf, it } from "@effect/vitest"
import { Administration } from "@openretl/core/Administration"
import { Cancellation } from "@openretl/core/Cancellation"
import { Catalog } from "@openretl/core/Catalog"
import type { Creation } from "@openretl/core/Creation"
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import type { Deletion } from "@openretl/core/Deletion"
import * as Fleet from "@openretl/core/Fleet"
import type { RunRef, SyncRef } from "@openretl/core/Ref"
import { Runs } from "@openretl/core/Runs"
import { ScopedTriggers } from "@openretl/core/ScopedTriggers"
import type { Workspace } from "@openretl/core/Workspace"
import type { FivetranActivations, FivetranActivationsAdmin } from "@openretl/fivetran-activations"
import type { Hightouch, HightouchAdmin } from "@openretl/hightouch"
import type { Polytomic, PolytomicAdmin } from "@openretl/polytomic"
import type { RudderStack, RudderStackAdmin } from "@openretl/rudderstack"
import type { Segment, SegmentAdmin } from "@openretl/segment"
import type { Zeotap, ZeotapAdmin } from "@openretl/zeotap"
import { Effect, type Scope } from "effect"

type Made<W> = W extends (options: never) => Effect.Effect<infer A, infer _E, infer _R> ? A : never
declare const segment: Made<typeof Segment.workspace>
declare const rudderstack: Made<typeof RudderStack.workspace>
declare const zeotap: Made<typeof Zeotap.workspace>
declare const hightouch: Made<typeof Hightouch.workspace>
declare const hightouchAdmin: Made<typeof HightouchAdmin.workspace>
declare const fivetran: Made<typeof FivetranActivations.workspace>
declare const fivetranAdmin: Made<typeof FivetranActivationsAdmin.workspace>
declare const polytomic: Made<typeof Polytomic.workspace>
declare const polytomicAdmin: Made<typeof PolytomicAdmin.workspace>
declare const segmentAdmin: Made<typeof SegmentAdmin.workspace>
declare const rudderstackAdmin: Made<typeof RudderStackAdmin.workspace>
declare const zeotapAdmin: Made<typeof ZeotapAdmin.workspace>
declare const zeotapAdminLayer: ReturnType<typeof ZeotapAdmin.layer>
declare const segmentLayer: ReturnType<typeof Segment.layer>
declare const rudderstackLayer: ReturnType<typeof RudderStack.layer>
declare const zeotapLayer: ReturnType<typeof Zeotap.layer>
declare const sync: SyncRef
declare const ref: RunRef

const stop = Effect.flatMap(Cancellation, ({ cancel }) => cancel(ref))
const resync = Effect.flatMap(ScopedTriggers, ({ trigger }) => trigger(sync, { scope: "full", whenRunning: "fail" }))
const look = Effect.flatMap(Runs, ({ get }) => get(ref))

const pause = Effect.flatMap(Administration, ({ pause }) => pause(sync))
const read = Effect.flatMap(Catalog, ({ get }) => get(sync))

type Needs<T> = T extends Effect.Effect<infer _A, infer _E, infer R> ? R : never
const needs = <T>(_: T): Needs<T> => undefined as never

describe("layers", () => {
  it("F1: cancel compiles with Segment and RudderStack, and not with Zeotap", () => {
    expectTypeOf(needs(Effect.provide(stop, segmentLayer))).toEqualTypeOf<never>()
    expectTypeOf(needs(Effect.provide(stop, rudderstackLayer))).toEqualTypeOf<never>()
    expectTypeOf(needs(Effect.provide(stop, zeotapLayer))).toEqualTypeOf<Cancellation>()
    // @ts-expect-error Zeotap cannot cancel: Cancellation is still required
    Effect.runPromise(Effect.provide(stop, zeotapLayer))
  })

  it("F1: a full run compiles with RudderStack, and not with Segment or Zeotap", () => {
    expectTypeOf(needs(Effect.provide(resync, rudderstackLayer))).toEqualTypeOf<never>()
    expectTypeOf(needs(Effect.provide(resync, segmentLayer))).toEqualTypeOf<ScopedTriggers>()
    expectTypeOf(needs(Effect.provide(resync, zeotapLayer))).toEqualTypeOf<ScopedTriggers>()
    // @ts-expect-error Segment has no scopes: ScopedTriggers is still required
    Effect.runPromise(Effect.provide(resync, segmentLayer))
    // @ts-expect-error a scope is not an option of a plain trigger
    Effect.flatMap(Runs, ({ trigger }) => trigger(sync, { scope: "full", whenRunning: "fail" }))
  })

  it("F1: a program that configures compiles with the admin layer, and not with the one that runs syncs", () => {
    expectTypeOf(needs(Effect.provide(Effect.andThen(read, pause), zeotapAdminLayer))).toEqualTypeOf<never>()
    expectTypeOf(needs(Effect.provide(look, zeotapAdminLayer))).toEqualTypeOf<never>()
    expectTypeOf(needs(Effect.provide(pause, zeotapLayer))).toEqualTypeOf<Administration>()
    // @ts-expect-error Zeotap.layer only runs syncs: Administration is still required
    Effect.runPromise(Effect.provide(pause, zeotapLayer))
  })

  it("T5: whenRunning has no default", () => {
    // @ts-expect-error whenRunning is required
    Effect.flatMap(Runs, ({ trigger }) => trigger(sync, {}))
    // @ts-expect-error run() has no run to wait for when it skips
    Effect.flatMap(Runs, ({ run }) => run(sync, { whenRunning: "skip" }))
  })
})

describe("fleets", () => {
  it("F1: `in` takes the fleet's names, and checks what each workspace can do", () => {
    const fleetEffect = Fleet.make({ segment, rudderstack, zeotap })
    Effect.map(fleetEffect, (fleet) => {
      expectTypeOf(needs(fleet.in("rudderstack")(resync))).toEqualTypeOf<never>()
      expectTypeOf(needs(fleet.in("segment")(stop))).toEqualTypeOf<never>()
      expectTypeOf(needs(fleet.in("zeotap")(stop))).toEqualTypeOf<Cancellation>()
      expectTypeOf(needs(fleet.in("segment")(resync))).toEqualTypeOf<ScopedTriggers>()
      // @ts-expect-error there is no such workspace
      fleet.in("elsewhere")
    })
  })

  it("F1: `each` takes programs that every workspace can run", () => {
    const fleetEffect = Fleet.make({ segment, rudderstack, zeotap })
    Effect.map(fleetEffect, (fleet) => {
      expectTypeOf(needs(fleet.each(look))).toEqualTypeOf<never>()
      expectTypeOf(needs(fleet.each(stop))).toEqualTypeOf<Cancellation>()
      expectTypeOf(needs(fleet.each(resync))).toEqualTypeOf<ScopedTriggers>()
    })
    const cancellableEffect = Fleet.make({ segment, rudderstack })
    Effect.map(cancellableEffect, (fleet) => {
      expectTypeOf(needs(fleet.each(stop))).toEqualTypeOf<never>()
    })
  })

  it("F1: a workspace has exactly its vendor's services", () => {
    expectTypeOf(segment).toEqualTypeOf<Workspace<Runs | CurrentWorkspace | Cancellation>>()
    expectTypeOf(rudderstack).toEqualTypeOf<Workspace<Runs | CurrentWorkspace | Cancellation | ScopedTriggers>>()
    expectTypeOf(zeotap).toEqualTypeOf<Workspace<Runs | CurrentWorkspace>>()
    type Configured = Runs | CurrentWorkspace | Catalog | Administration | Creation | Deletion
    expectTypeOf(segmentAdmin).toEqualTypeOf<Workspace<Configured | Cancellation>>()
    expectTypeOf(rudderstackAdmin).toEqualTypeOf<Workspace<Configured | Cancellation | ScopedTriggers>>()
    expectTypeOf(zeotapAdmin).toEqualTypeOf<Workspace<Configured>>()
    expectTypeOf(hightouch).toEqualTypeOf<Workspace<Runs | CurrentWorkspace | ScopedTriggers>>()
    expectTypeOf(hightouchAdmin).toEqualTypeOf<Workspace<Exclude<Configured, Deletion> | ScopedTriggers>>()
    expectTypeOf(fivetran).toEqualTypeOf<Workspace<Runs | CurrentWorkspace | Cancellation | ScopedTriggers>>()
    expectTypeOf(fivetranAdmin).toEqualTypeOf<
      Workspace<Exclude<Configured, Creation> | Cancellation | ScopedTriggers>
    >()
    expectTypeOf(polytomic).toEqualTypeOf<Workspace<Runs | CurrentWorkspace | Cancellation | ScopedTriggers>>()
    expectTypeOf(polytomicAdmin).toEqualTypeOf<
      Workspace<Exclude<Configured, Creation> | Cancellation | ScopedTriggers>
    >()
    expectTypeOf<Needs<ReturnType<typeof RudderStack.workspace>>>().toEqualTypeOf<Scope.Scope>()
  })
})
