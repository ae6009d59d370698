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
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import type * as PolytomicApi from "../PolytomicApi.ts"
import type { PolytomicClient } from "../PolytomicClient.ts"
import * as SyncsApi from "../PolytomicSyncsApi.ts"
import type { Ids } from "./ids.ts"
import * as Schedules from "./schedule.ts"
import * as SyncFromWire from "./syncFromWire.ts"

/** The vendor's part of a change: nothing but the portable fields can be changed here. */
export const NoSpec = Schema.Struct({})
export interface NoSpec extends Schema.Schema.Type<typeof NoSpec> {}

type Part = AdministrationPart<Ids, PolytomicApi.Sync, NoSpec, NoSpec>

/** Creates the part of the driver that changes syncs. It creates and deletes none. */
export const make = (client: PolytomicClient): Omit<Part, "create" | "delete"> => {
  const refuse = (path: string, message: string) =>
    Effect.fail(
      client.http.error("updateSync", new Reason.InvalidRequest({ issues: [{ path: [path], message }] }), "not-sent"),
    )

  /** Sends the whole sync with these changes. */
  const replace = Effect.fnUntraced(function* (
    native: PolytomicApi.Sync,
    { name, enabled, schedule }: SyncChange<NoSpec>,
  ) {
    const path = schedule === undefined ? "name" : "schedule"
    const wire = schedule === undefined ? native.schedule : Schedules.encode(schedule)
    if (schedule !== undefined && wire === undefined) {
      return yield* refuse(path, "Expected a schedule that Polytomic can express: manual or cron")
    }
    const kept = keptOf(native)
    const lost = [...(native.unreadKeys ?? []), ...Mask.paths(kept, "sync")]
    if (lost.length > 0) return yield* refuse(path, `${unkeepable}: ${lost.join(", ")}`)
    const body = {
      ...kept,
      ...(name !== undefined && { name }),
      ...(enabled !== undefined && { active: enabled }),
      schedule: wire,
    }
    // The client validates it: a sync that was not read whole is refused there.
    return SyncFromWire.snapshot(yield* client.updateSync(native.id, body as SyncsApi.UpdateSyncRequest))
  })

  return {
    schedules: Schedules.schedules,
    spec: NoSpec,
    changedSpec: NoSpec,
    replaces: ({ native }) => {
      const { active, ...kept } = keptOf(native)
      return { ...kept, enabled: active }
    },
    ends: () => ({}),
    endsOf: ({ native }) => ({ connection: SyncFromWire.targetConnectionOf(native) }),
    listCandidates: () => Effect.succeed([]),
    matches: () => false,
    update: ({ ids, native }, change) =>
      change.enabled !== undefined && change.name === undefined && change.schedule === undefined
        ? Effect.map(client.activateSync(ids.sync, { active: change.enabled }), ({ id, active }) =>
            // It changes nothing else, and the answer shows what it has changed.
            id === ids.sync && active !== undefined ? SyncFromWire.snapshot({ ...native, active }) : undefined,
          )
        : replace(native, change),
    isShown: () => true,
  }
}

const unkeepable = "Expected a sync that can be sent back whole, as every change but a pause requires; nobody can with"

const keptNames = Struct.keys(SyncsApi.UpdateSyncRequest.fields)

/** Returns what an update has to send back, without what is empty: the vendor takes that for the default. */
const keptOf = (native: PolytomicApi.Sync): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    keptNames.map((name) => [name, native[name]]).filter(([name, value]) => name === "fields" || !Wire.isEmpty(value)),
  )
