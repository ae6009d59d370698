/** Changing what is configured: one request for each change, and how to see whether it is done. */
import type { AdministrationPart } from "@openretl/core/driver/Administration"
import * as Reason from "@openretl/core/Reason"
import * as Effect from "effect/Effect"
import type * as FivetranActivationsApi from "../FivetranActivationsApi.ts"
import type { FivetranActivationsClient } from "../FivetranActivationsClient.ts"
import type { Ids } from "./ids.ts"
import * as Schedules from "./schedule.ts"
import { ChangedSpec, isShown } from "./spec.ts"
import * as SyncFromWire from "./syncFromWire.ts"

type Part = AdministrationPart<Ids, FivetranActivationsApi.Sync, ChangedSpec, ChangedSpec>

/** Creates the part of the driver that changes and deletes syncs. It creates none, so that no sync needs its ends. */
export const make = (client: FivetranActivationsClient): Omit<Part, "create"> & Required<Pick<Part, "delete">> => ({
  schedules: Schedules.schedules,
  spec: ChangedSpec,
  changedSpec: ChangedSpec,
  ends: () => ({}),
  endsOf: () => ({}),
  listCandidates: () => Effect.succeed([]),
  matches: () => false,
  update: Effect.fnUntraced(function* ({ ids }, { name, enabled, schedule, spec }) {
    const mode = schedule && Schedules.encode(schedule)
    if (schedule !== undefined && mode === undefined) {
      return yield* client.http.error("updateSync", new Reason.InvalidRequest({ issues: [noSchedule] }), "not-sent")
    }
    const shown = yield* client.updateSync(ids.sync, {
      ...spec,
      ...(name !== undefined && { label: name }),
      ...(enabled !== undefined && { paused: !enabled }),
      ...(mode !== undefined && { mode }),
    })
    // An answer with less than these fields is no whole sync.
    const isWhole = shown?.paused !== undefined && shown.operation !== undefined && shown.mappings !== undefined
    return isWhole ? SyncFromWire.snapshot(shown) : undefined
  }),
  isShown: (spec, { native }, isAccepted) => isShown(spec, native, isAccepted),
  delete: ({ ids }) => client.deleteSync(ids.sync),
})

const noSchedule = { path: ["schedule"], message: "Expected a schedule that Fivetran Activations can express" }
