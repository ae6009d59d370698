/** Changing what is configured: one request for each change, and how to see whether it is done. */
import type { AdministrationPart } from "@openretl/core/driver/Administration"
import * as Reason from "@openretl/core/Reason"
import * as Schedule from "@openretl/core/Schedule"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as HightouchApi from "../HightouchApi.ts"
import type { HightouchClient } from "../HightouchClient.ts"
import * as Catalog from "./catalog.ts"
import type { Ids } from "./ids.ts"
import * as Schedules from "./schedule.ts"
import * as Spec from "./spec.ts"
import * as SyncFromWire from "./syncFromWire.ts"

type Part = AdministrationPart<Ids, HightouchApi.Sync, Spec.NewSpec, Spec.ChangedSpec>

/** Creates the part of the driver that changes syncs. The vendor has no way to delete one. */
export const make = (client: HightouchClient): Omit<Part, "delete"> & Required<Pick<Part, "create">> => {
  const encodeSchedule = (operation: string, schedule: Schedule.Schedule) => {
    const wire = Schedules.encode(schedule)
    if (wire !== undefined) return Effect.succeed(wire)
    const issues = [{ path: ["schedule"], message: "Expected a schedule that Hightouch can express" }]
    return Effect.fail(client.http.error(operation, new Reason.InvalidRequest({ issues }), "not-sent"))
  }
  return {
    schedules: Schedules.schedules,
    names: "none",
    spec: Spec.NewSpec,
    changedSpec: Spec.ChangedSpec,
    ends: ({ spec }) => ({ model: spec.modelId, destination: spec.destinationId }),
    endsOf: ({ native }) => ({ model: native.modelId ?? "", destination: native.destinationId ?? "" }),
    listCandidates: ({ pages }, { model = "" }) =>
      pages("syncs", Catalog.syncPage(client, { modelId: model })).pipe(
        Stream.map(SyncFromWire.snapshot),
        Stream.runCollect,
      ),
    matches: ({ spec }, { native }) =>
      native.slug === spec.slug && native.modelId === spec.modelId && native.destinationId === spec.destinationId,
    create: Effect.fnUntraced(function* ({ enabled = false, schedule = Schedule.manual, spec }) {
      const wire = yield* encodeSchedule("createSync", schedule)
      return SyncFromWire.snapshot(yield* client.createSync({ ...spec, schedule: wire, disabled: !enabled }))
    }),
    update: Effect.fnUntraced(function* ({ ids }, { enabled, schedule, spec }) {
      const wire = schedule === undefined ? undefined : yield* encodeSchedule("updateSync", schedule)
      const sync = yield* client.updateSync(ids.sync, {
        ...spec,
        ...(enabled !== undefined && { disabled: !enabled }),
        ...(wire !== undefined && { schedule: wire }),
      })
      return SyncFromWire.snapshot(sync)
    }),
    isShown: (spec, { native }, isAccepted) => Spec.isShown(spec, native, isAccepted),
  }
}
