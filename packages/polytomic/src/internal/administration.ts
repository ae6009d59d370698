/**
 * Changing what is configured: one request for each change, and how to see whether it is done.
 *
 * Pausing and resuming has a request of its own. Everything else replaces the whole sync, so the adapter sends back what it has
 * read, and refuses a change where it has not read everything.
 */
import type { AdministrationPart, SyncChange } from "@openretl/core/driver/Administration"
import * as Mask from "@openretl/core/driver/Mask"
import * as Wire from "@openretl/core/driver/Wire"
import * as Reason from "@openretl/core/Reason"
import * as Effect from "effect/Effect"
import * as Struct from "effect/Struct"
import type * as PolytomicApi from "../PolytomicApi.ts"
import type { PolytomicClient } from "../PolytomicClient.ts"
import * as SyncsApi from "../PolytomicSyncsApi.ts"
import type { Ids } from "./ids.ts"
import * as Schedules from "./schedule.ts"
import * as SyncFromWire from "./syncFromWire.ts"

type Part = AdministrationPart<Ids, PolytomicApi.Sync, SyncsApi.ChangedSpec, SyncsApi.ChangedSpec>

/** Creates the part of the driver that changes and deletes syncs. It creates none. */
export const make = (client: PolytomicClient): Omit<Part, "create"> & Required<Pick<Part, "delete">> => {
  const refuse = (path: ReadonlyArray<string>, message: string) =>
    Effect.fail(client.http.error("updateSync", new Reason.InvalidRequest({ issues: [{ path, message }] }), "not-sent"))

  /** Sends the whole sync with these changes. */
  const replace = Effect.fnUntraced(function* (
    native: PolytomicApi.Sync,
    { name, enabled, schedule, spec = {} }: SyncChange<SyncsApi.ChangedSpec>,
  ) {
    const wire = schedule === undefined ? native.schedule : Schedules.encode(schedule)
    if (schedule !== undefined && wire === undefined) {
      return yield* refuse(["schedule"], "Expected a schedule that Polytomic can express: manual or cron")
    }
    const kept = Struct.omit(keptOf(native), Struct.keys(spec))
    const isHidden = native.active === undefined && enabled === undefined
    const lost = [...(native.unreadKeys ?? []), ...Mask.paths(kept, "sync"), ...(isHidden ? ["active"] : [])]
    if (lost.length > 0) return yield* refuse([], `${unkeepable}: ${lost.join(", ")}`)
    const body = {
      ...kept,
      ...spec,
      ...(name !== undefined && { name }),
      ...(enabled !== undefined && { active: enabled }),
      schedule: wire,
    }
    // The client validates it: a sync that was not read whole is refused there.
    return SyncFromWire.snapshot(yield* client.updateSync(native.id, body as SyncsApi.UpdateSyncRequest))
  })

  return {
    schedules: Schedules.schedules,
    spec: SyncsApi.ChangedSpec,
    changedSpec: SyncsApi.ChangedSpec,
    replaces: ({ native }) => {
      const { active, ...kept } = keptOf(native)
      return { ...kept, enabled: active }
    },
    ends: () => ({}),
    endsOf: ({ native }) => ({ connection: SyncFromWire.targetConnectionOf(native) }),
    listCandidates: () => Effect.succeed([]),
    matches: () => false,
    isPartial: isSwitch,
    update: ({ ids, native }, change) =>
      isSwitch(change)
        ? Effect.map(client.activateSync(ids.sync, { active: change.enabled }), ({ id, active }) =>
            // It changes nothing else, and the answer shows what it has changed.
            id === ids.sync && active !== undefined ? SyncFromWire.snapshot({ ...native, active }) : undefined,
          )
        : replace(native, change),
    // Flags that are false may be left out.
    isShown: (spec, { native }, isAccepted) =>
      Struct.keys(spec).every((name) =>
        spec[name] === false ? native[name] !== true : Mask.covers(native[name], spec[name], isAccepted),
      ),
    delete: ({ ids }) => client.deleteSync(ids.sync),
  }
}

/** Returns whether a change pauses or resumes the sync, and no more. */
const isSwitch = (
  change: SyncChange<SyncsApi.ChangedSpec>,
): change is SyncChange<SyncsApi.ChangedSpec> & { readonly enabled: boolean } =>
  change.enabled !== undefined && Object.keys(change).length === 1

const unkeepable =
  "Expected a sync that can be sent back whole, as each change but a pause requires, found fields that cannot"

const keptNames = Struct.keys(SyncsApi.UpdateSyncRequest.fields)

/** Returns what an update has to send back, without what is empty: the vendor takes that for the default. */
const keptOf = (native: PolytomicApi.Sync): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    keptNames.map((name) => [name, native[name]]).filter(([name, value]) => name === "fields" || !Wire.isEmpty(value)),
  )
