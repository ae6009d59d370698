/** Changing what is configured: one request for each change, and how to see whether it is done. */
import type { AdministrationPart } from "@openretl/core/driver/Administration"
import * as Reason from "@openretl/core/Reason"
import * as Schedule from "@openretl/core/Schedule"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as FivetranActivationsApi from "../FivetranActivationsApi.ts"
import type { FivetranActivationsClient } from "../FivetranActivationsClient.ts"
import type * as SyncsApi from "../FivetranActivationsSyncsApi.ts"
import * as Catalog from "./catalog.ts"
import type { Ids } from "./ids.ts"
import * as Schedules from "./schedule.ts"
import * as Spec from "./spec.ts"
import * as SyncFromWire from "./syncFromWire.ts"

type Part = AdministrationPart<Ids, FivetranActivationsApi.Sync, Spec.NewSpec, Spec.ChangedSpec>

/** Creates the part of the driver that changes syncs. */
export const make = (
  client: FivetranActivationsClient,
  groupId: string | undefined,
): Part & Required<Pick<Part, "create" | "delete">> => {
  const encodeSchedule = (operation: string, schedule: Schedule.Schedule) => {
    const mode = Schedules.encode(schedule)
    if (mode !== undefined) return Effect.succeed(mode)
    const issues = [{ path: ["schedule"], message: "Expected a schedule that Fivetran Activations can express" }]
    return Effect.fail(client.http.error(operation, new Reason.InvalidRequest({ issues }), "not-sent"))
  }
  return {
    schedules: Schedules.schedules,
    spec: Spec.NewSpec,
    changedSpec: Spec.ChangedSpec,
    ends: ({ spec }) => endsOf(spec),
    endsOf: ({ native }) => endsOf(native),
    listCandidates: ({ pages }) =>
      pages("syncs", Catalog.syncPage(client, groupId)).pipe(Stream.map(SyncFromWire.snapshot), Stream.runCollect),
    matches: ({ name, spec }, { native }) => {
      const [wanted, shown] = [endsOf(spec), endsOf(native)]
      return (
        (native.label ?? "") === (name ?? "") &&
        wanted.source === shown.source &&
        wanted.destination === shown.destination &&
        native.operation === spec.operation
      )
    },
    create: Effect.fnUntraced(function* ({ name, enabled = false, schedule = Schedule.manual, spec }) {
      const mode = yield* encodeSchedule("createSync", schedule)
      const body = { ...spec, paused: !enabled, mode, ...(name !== undefined && { label: name }) }
      const written = yield* client.createSync(body)
      return shownBy(written) ?? createdAs(written, body)
    }),
    update: Effect.fnUntraced(function* ({ ids }, { name, enabled, schedule, spec }) {
      const mode = schedule === undefined ? undefined : yield* encodeSchedule("updateSync", schedule)
      const written = yield* client.updateSync(ids.sync, {
        ...spec,
        ...(name !== undefined && { label: name }),
        ...(enabled !== undefined && { paused: !enabled }),
        ...(mode !== undefined && { mode }),
      })
      return shownBy(written)
    }),
    isShown: (spec, { native }, isAccepted) => Spec.isShown(spec, native, isAccepted),
    delete: ({ ids }) => client.deleteSync(ids.sync),
  }
}

const endsOf = (sync: Pick<FivetranActivationsApi.Sync, "source_attributes" | "destination_attributes">) => ({
  source: SyncFromWire.endOf(sync.source_attributes) ?? "",
  destination: SyncFromWire.endOf(sync.destination_attributes) ?? "",
})

/** Returns what was sent, under the id of the answer; the state is unknown where the answer does not show it. */
const createdAs = (
  written: SyncsApi.WrittenSync,
  body: SyncsApi.CreateSyncRequest,
): SyncFromWire.Snapshot | undefined => {
  const id = "sync_id" in written ? written.sync_id : written.id
  const { operation, source_attributes, destination_attributes, label } = body
  const sent = { operation, source_attributes, destination_attributes, ...(label !== undefined && { label }) }
  return id === undefined ? undefined : SyncFromWire.snapshot({ id, ...sent })
}

/** Returns the sync where the answer shows all of it. */
const shownBy = (written: SyncsApi.WrittenSync): SyncFromWire.Snapshot | undefined =>
  "mode" in written && "paused" in written && "mappings" in written ? SyncFromWire.snapshot(written) : undefined
