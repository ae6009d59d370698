/** Changing what is configured: one request for each change, and how to see whether it is done. */
import type { AdministrationPart, NewSync, SyncChange } from "@openretl/core/driver/Administration"
import type { Page } from "@openretl/core/driver/Catalog"
import { Unsupported } from "@openretl/core/Reason"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as ZeotapApi from "../ZeotapApi.ts"
import type { ZeotapClient } from "../ZeotapClient.ts"
import type * as SyncsApi from "../ZeotapSyncsApi.ts"
import * as Catalog from "./catalog.ts"
import type { Ids } from "./ids.ts"
import * as Schedules from "./schedule.ts"
import * as Spec from "./spec.ts"
import * as SyncFromWire from "./syncFromWire.ts"

type Part = AdministrationPart<Ids, ZeotapApi.Sync, Spec.NewSpec, Spec.ChangedSpec>

/** Creates the part of the driver that changes syncs. */
export const make = (client: ZeotapClient): Part & Required<Pick<Part, "create" | "delete">> => {
  // A new sync may stand after the end of such a list, and so may an old one of the same name.
  const cutOff = client.http.error(
    "listSyncs",
    new Unsupported({ capability: "recognizing a new sync: the vendor's list may be cut off" }),
    "not-sent",
  )
  const readPage = Catalog.syncPage(client)
  const readWholePage: Page<ZeotapApi.Sync> = (cursor, size) =>
    Effect.flatMap(readPage(cursor, size), (page) =>
      page.mayHaveMore === true ? Effect.fail(cutOff) : Effect.succeed(page),
    )

  return {
    schedules: Schedules.schedules,
    names: "required",
    spec: Spec.NewSpec,
    changedSpec: Spec.ChangedSpec,
    read: ({ read }, ids) => Effect.map(read("syncs", client.getSync(ids.sync)), (sync) => SyncFromWire.snapshot(sync)),
    ends: ({ spec }) => ({ model: spec.model_id, destination: spec.destination_id }),
    endsOf: ({ native }) => ({ model: native.model_id ?? "", destination: native.destination_id ?? "" }),
    listCandidates: ({ pages }) =>
      pages("syncs", readWholePage).pipe(
        Stream.map((sync) => SyncFromWire.snapshot(sync)),
        Stream.runCollect,
      ),
    matches: ({ name, spec }, { native }) =>
      native.name === name && native.model_id === spec.model_id && native.destination_id === spec.destination_id,
    create: (sync) => {
      const body = createBody(sync)
      return Effect.map(client.createSync(body), (written) => created(body, written))
    },
    update: (current, change) =>
      Effect.map(client.updateSync(current.ids.sync, updateBody(change)), (written) => updated(current, written)),
    isShown: (spec, { native }, isAccepted) => Spec.isShown(spec, native, isAccepted),
    delete: ({ ids }) => client.deleteSync(ids.sync),
  }
}

/**
 * Whether a new sync is active is not documented, so the schedule is sent only with one that is to be enabled. Core has
 * refused a sync without a name.
 */
const createBody = ({ name = "", enabled, schedule, spec }: NewSync<Spec.NewSpec>): SyncsApi.CreateSyncRequest => {
  const cron = enabled === true && schedule !== undefined ? Schedules.encode(schedule) : ""
  return { ...spec, name, ...(cron !== "" && { schedule: cron }) }
}

const updateBody = ({ name, enabled, schedule, spec }: SyncChange<Spec.ChangedSpec>): SyncsApi.UpdateSyncRequest => ({
  ...spec,
  ...(name !== undefined && { name }),
  ...(enabled !== undefined && { status: enabled ? "active" : "paused" }),
  ...(schedule !== undefined && { schedule: Schedules.encode(schedule) }),
})

/** Returns what was sent, changed by what the answer shows; the state is unknown where the answer does not show it. */
const created = (
  body: SyncsApi.CreateSyncRequest,
  { id, ...written }: SyncsApi.WrittenSync,
): SyncFromWire.Snapshot | undefined =>
  id === undefined ? undefined : SyncFromWire.snapshot({ ...body, ...written, id })

/** Returns the sync where the answer shows all of it. In a part of it, an absent schedule would mean nothing. */
const updated = (
  { ids, connection }: SyncFromWire.Snapshot,
  written: SyncsApi.WrittenSync,
): SyncFromWire.Snapshot | undefined => {
  const { id, name, status, model_id, destination_id, field_mapping } = written
  if (id !== ids.sync || [name, status, model_id, destination_id, field_mapping].includes(undefined)) return undefined
  const ends = [connection.source, connection.destination]
  return SyncFromWire.snapshot({ ...written, id }, (endId) => ends.find((end) => end?.id === endId))
}
