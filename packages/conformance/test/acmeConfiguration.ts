/** What configures syncs in Acme's adapter: its catalog and its administration. */
import type { DefinitionInput } from "@openretl/conformance/Harness"
import type { Definition } from "@openretl/core/Change"
import * as AdminAdapter from "@openretl/core/driver/AdminAdapter"
import type { AdministrationPart } from "@openretl/core/driver/Administration"
import type { CatalogPart, Snapshot } from "@openretl/core/driver/Catalog"
import type { Driver } from "@openretl/core/driver/Driver"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import * as Reason from "@openretl/core/Reason"
import { VendorId, type VendorIds } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import * as Schedule from "@openretl/core/Schedule"
import { Duration, Effect, Schema, Stream } from "effect"
import * as Acme from "./acme.ts"

/** A configured sync in Acme's answers. */
export const Connection = Schema.Struct({
  id: VendorId,
  sourceId: VendorId,
  destinationId: VendorId,
  enabled: Wire.flag,
  schedule: Wire.object({ type: Wire.text, everyMinutes: Wire.count, cronExpression: Wire.text }),
})
export interface Connection extends Schema.Schema.Type<typeof Connection> {}

const ConnectionPage = Schema.Struct({
  data: Wire.entries(Connection),
  paging: Wire.object({ next: Wire.text, total: Wire.count }),
})

/** What Acme needs of a new sync. */
export const Spec = Schema.Struct({ source: VendorId, destination: VendorId })
export interface Spec extends Schema.Schema.Type<typeof Spec> {}

/** Nothing: the source and the destination of a connection never change. */
export const ChangedSpec = Schema.Record(Schema.String, Schema.Never)
export interface ChangedSpec extends Schema.Schema.Type<typeof ChangedSpec> {}

const encodeSchedule = (schedule: Schedule.Schedule) => {
  switch (schedule._tag) {
    case "Every":
      return { type: "basic", everyMinutes: Duration.toMinutes(schedule.every) }
    case "Cron":
      return { type: "cron", cronExpression: schedule.expression }
    default:
      return { type: "manual" }
  }
}

const decodeSchedule = (schedule: Connection["schedule"]): Pick<Snapshot, "schedule" | "unreadSchedule"> => {
  if (schedule === undefined) return {}
  const { type, everyMinutes, cronExpression } = schedule
  if (type === "manual") return { schedule: Schedule.manual }
  if (type === "basic" && everyMinutes) return { schedule: Schedule.every(Duration.minutes(everyMinutes)) }
  if (type === "cron" && cronExpression) return { schedule: Schedule.cron(cronExpression) }
  return { unreadSchedule: Wire.oneLine(schedule) }
}

const toSnapshot = (connection: Connection): Snapshot<Acme.Ids, Connection> => {
  const { id, sourceId, destinationId, enabled, schedule } = connection
  return {
    ids: { connection: id },
    connection: { source: { id: sourceId }, destination: { id: destinationId } },
    state: enabled === undefined ? "unknown" : enabled ? "enabled" : "paused",
    vendorState: enabled === undefined ? "" : enabled ? "enabled" : "disabled",
    native: connection,
    ...decodeSchedule(schedule),
  }
}

const closed = { capability: "the list of connections is closed to this account: name each connection" }

/** Returns the function that reads a page of connections; the cursor is the number of the page. */
export const pages =
  (http: VendorClient.VendorClient, filter: { readonly sourceId?: string; readonly destinationId?: string } = {}) =>
  (cursor = "1") => {
    const query = { ...filter, page: cursor, pageSize: 100 }
    const read = http.call({ operation: "syncs", method: "GET", path: Acme.root, query, answer: ConnectionPage })
    return Effect.map(orUnsupported(read), ({ data, paging }) => ({
      items: data.map(toSnapshot),
      ...((paging?.next ?? "") !== "" && { next: String(Number(cursor) + 1) }),
      ...(paging?.total !== undefined && { total: paging.total }),
    }))
  }

const orUnsupported = <A>(read: Effect.Effect<A, RetlError>) =>
  Effect.mapError(read, (error) =>
    error.reason._tag === "PermissionDenied" || error.reason._tag === "NotFound"
      ? error.with({ reason: new Reason.Unsupported(closed) })
      : error,
  )

/** Makes the catalog. */
export const catalog = (http: VendorClient.VendorClient): CatalogPart<Acme.Ids, Connection> => ({
  list: (requests) => requests.syncPages("syncs", pages(http)),
  get: (requests, { connection }) => {
    const path = [...Acme.root, { connection }]
    const read = http.call({ operation: "sync", method: "GET", path, answer: Connection })
    return Effect.map(requests.read("syncs", read), toSnapshot).pipe(
      Effect.catchIf(
        ({ reason }) => reason._tag === "NotFound",
        // The connection or the route is missing. The list shows which.
        (missing) =>
          Effect.andThen(
            requests.read("syncs", pages(http)()),
            Effect.fail(missing.with({ reason: new Reason.NotFound({ what: "sync" }) })),
          ),
      ),
      Effect.mapError((error) =>
        error.reason._tag === "PermissionDenied" ? error.with({ reason: new Reason.Unsupported(closed) }) : error,
      ),
    )
  },
})

/** Makes the administration. */
export const administration = (http: VendorClient.VendorClient) =>
  ({
    schedules: {
      vendor: "Acme",
      every: { source: "Acme's documentation", shortest: "5 minutes", step: "1 minute" },
      cron: { source: "Acme's documentation", timeZone: { assumed: "UTC" } },
    },
    names: "none",
    spec: Spec,
    changedSpec: ChangedSpec,
    replaces: ({ native }) => ({ enabled: native.enabled, schedule: native.schedule }),
    ends: ({ spec }) => ({ source: spec.source, destination: spec.destination }),
    endsOf: ({ native }) => ({ source: native.sourceId, destination: native.destinationId }),
    listCandidates: (requests, { source = "", destination = "" }) => {
      const filter = { sourceId: source, destinationId: destination }
      return Stream.runCollect(requests.syncPages("syncs", pages(http, filter)))
    },
    matches: ({ spec }, { native }) => native.sourceId === spec.source && native.destinationId === spec.destination,
    create: ({ spec, enabled = false, schedule = Schedule.manual }) => {
      const body = {
        sourceId: spec.source,
        destinationId: spec.destination,
        enabled,
        schedule: encodeSchedule(schedule),
        identifiers: [{ from: "email", to: "user_id" }],
        event: { type: "identify" },
      }
      const create = { operation: "create", method: "POST", path: Acme.root, body, answer: Connection } as const
      return Effect.map(http.call(create), toSnapshot)
    },
    // Acme requires the schedule with every change.
    update: ({ ids, schedule: current = Schedule.manual }, { enabled, schedule = current }) => {
      const path = [...Acme.root, { connection: ids.connection }]
      const body = { schedule: encodeSchedule(schedule), ...(enabled !== undefined && { enabled }) }
      return Effect.map(http.call({ operation: "update", method: "PUT", path, body, answer: Connection }), toSnapshot)
    },
    isShown: () => true,
    delete: ({ ids }) =>
      http.call({ operation: "delete", method: "DELETE", path: [...Acme.root, { connection: ids.connection }] }),
  }) satisfies AdministrationPart<Acme.Ids, Connection, Spec, ChangedSpec>

/** Makes the driver over a client. */
export const driver = (http: VendorClient.VendorClient) =>
  ({
    ...Acme.driver(http),
    catalog: catalog(http),
    administration: administration(http),
  }) satisfies Driver<Acme.Ids, Acme.Execution, Connection, Spec, ChangedSpec>

/** The adapter that configures syncs besides running them: how a program makes a workspace. */
export const { workspace } = AdminAdapter.make({ ...Acme.parts, native: Connection, driver })

/** Defines a sync over these parts. Acme's syncs have no names. */
export const definition = (
  { source, destination }: VendorIds,
  { name: _, ...portable }: DefinitionInput,
): Definition => ({
  ...portable,
  part: { vendor: "acme", spec: { source, destination } },
})
