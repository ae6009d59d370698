/** Changing what is configured: one request a change, and how to see whether it is done. */
import type { Writes } from "@openretl/core/Administration"
import type { Snapshot } from "@openretl/core/Catalog"
import type { Change, Definition } from "@openretl/core/Change"
import * as Reader from "@openretl/core/driver/Reader"
import * as Reason from "@openretl/core/Reason"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as ZeotapApi from "../ZeotapApi.ts"
import type { ZeotapClient } from "../ZeotapClient.ts"
import type * as SyncsApi from "../ZeotapSyncsApi.ts"
import * as Catalog from "./catalog.ts"
import * as Schedules from "./schedule.ts"
import * as Spec from "./spec.ts"
import * as SyncFromWire from "./syncFromWire.ts"

export const writes = (client: ZeotapClient): Writes => {
  /** A new sync could be behind the end of such a list, and so could an old one of the same name. */
  const cutOff = client.http.error(
    "listSyncs",
    new Reason.Unsupported({ capability: "telling a new sync from the others: their list may have been cut off" }),
    "not-sent",
  )

  return {
    schedules: Schedules.schedules,
    definitionProblems: ({ name, part }) => [
      ...(name === undefined ? [{ path: ["name"], message: "Expected a name: every sync of Zeotap has one" }] : []),
      ...Spec.problems(Spec.newSpec, part.spec),
    ],
    changeProblems: ({ part }) => (part === undefined ? [] : Spec.problems(Spec.changedSpec, part.spec)),
    listCandidates: ({ pages }) => {
      const read = Catalog.syncs(client)
      const whole = (cursor: string | undefined) =>
        Effect.flatMap(read(cursor), (page) => (page.mayHaveMore === true ? Effect.fail(cutOff) : Effect.succeed(page)))
      return pages("syncs", whole).pipe(
        Stream.map((sync) => SyncFromWire.snapshot(sync)),
        Stream.runCollect,
      )
    },
    isLike: ({ name, part }, { native }) => {
      const { model_id, destination_id } = part.spec as Spec.NewSpec
      return Spec.isShown({ name, model_id, destination_id }, native)
    },
    create: (definition) => {
      const body = newBody(definition)
      return Effect.map(client.createSync(body), (written) => created(body, written))
    },
    update: (current, change) =>
      Effect.map(client.updateSync(idOf(current), changedBody(change)), (written) => updated(current, written)),
    shows: ({ spec }, { native }) => Spec.isShown(spec, native),
    delete: (current) => client.deleteSync(idOf(current)),
  }
}

const idOf = ({ ids }: Snapshot): string => ids["sync"] ?? ""

/**
 * Whether a new sync is active is not documented: only one that may fire at once is sent with its schedule. The form of a
 * part has been checked, and the client checks it once more.
 */
const newBody = ({ name = "", enabled, schedule, part }: Definition): SyncsApi.CreateSyncRequest => {
  const cron = enabled === true && schedule !== undefined ? Schedules.encode(schedule) : ""
  return { ...(part.spec as Spec.NewSpec), name, ...(cron !== "" && { schedule: cron }) }
}

const changedBody = ({ name, enabled, schedule, part }: Change): SyncsApi.UpdateSyncRequest => ({
  ...(part?.spec as Spec.ChangedSpec | undefined),
  ...(name !== undefined && { name }),
  ...(enabled !== undefined && { status: enabled ? "active" : "paused" }),
  ...(schedule !== undefined && { schedule: Schedules.encode(schedule) }),
})

/** What was sent, as far as the answer does not say otherwise; its state is unknown where the answer does not say. */
const created = (body: SyncsApi.CreateSyncRequest, written: SyncsApi.WrittenSync): Snapshot | undefined => {
  const sync = Reader.orUndefined(ZeotapApi.sync, { ...body, ...written })
  return sync && SyncFromWire.snapshot(sync)
}

/** Only a sync that is shown whole: of a part, an absent schedule would mean nothing. */
const updated = (current: Snapshot, written: SyncsApi.WrittenSync): Snapshot | undefined => {
  const { id, name, status, model_id, destination_id, field_mapping } = written
  const told = [name, status, model_id, destination_id, field_mapping]
  if (id !== idOf(current) || told.includes(undefined)) return undefined
  const ends = [current.connection.source, current.connection.destination]
  return SyncFromWire.snapshot({ ...written, id }, (end) => ends.find((known) => known?.id === end))
}
