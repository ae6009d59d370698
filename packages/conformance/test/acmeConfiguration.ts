/** The catalog and the administration of Acme's adapter. */
import type { DefinitionInput } from "@openretl/conformance/Harness"
import type * as Administration from "@openretl/core/Administration"
import type * as Catalog from "@openretl/core/Catalog"
import type { Definition } from "@openretl/core/Change"
import * as Sections from "@openretl/core/driver/Sections"
import { answer } from "@openretl/core/driver/schema/Reader"
import * as Wire from "@openretl/core/driver/schema/Wire"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import * as Reason from "@openretl/core/Reason"
import type { VendorIds } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import * as Schedule from "@openretl/core/Schedule"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import { VendorId } from "@openretl/core/schema/Ref"
import { Duration, Effect, Option, Schema, Stream } from "effect"

export const forms: ScheduleForms = {
  vendor: "Acme",
  every: { source: "Acme's documentation", shortest: "5 minutes", step: "1 minute" },
  cron: { source: "Acme's documentation", timeZone: { assumed: "UTC" } },
}

const Connection = Schema.Struct({
  id: VendorId,
  sourceId: VendorId,
  destinationId: VendorId,
  enabled: Wire.flag,
  schedule: Wire.object({ type: Wire.text, everyMinutes: Wire.count, cronExpression: Wire.text }),
})

const Listed = Schema.Struct({
  data: Schema.Array(Schema.Unknown),
  paging: Wire.object({ next: Wire.text }),
})

const decodeConnection = Schema.decodeUnknownOption(Connection)

type ScheduleBody = Readonly<Record<string, string | number>>

const toWire = (schedule: Schedule.Schedule): ScheduleBody => {
  switch (schedule._tag) {
    case "Every":
      return { type: "basic", everyMinutes: Duration.toMinutes(schedule.every) }
    case "Cron":
      return { type: "cron", cronExpression: schedule.expression }
    default:
      return { type: "manual" }
  }
}

const fromWire = (schedule: (typeof Connection.Type)["schedule"]): Partial<Catalog.Snapshot> => {
  if (schedule === undefined) return {}
  const { type, everyMinutes, cronExpression } = schedule
  if (type === "manual") return { schedule: Schedule.manual }
  if (type === "basic" && everyMinutes) return { schedule: Schedule.every(Duration.minutes(everyMinutes)) }
  if (type === "cron" && cronExpression) return { schedule: Schedule.cron(cronExpression) }
  return { unreadSchedule: JSON.stringify(schedule).slice(0, 200) }
}

const snapshot = (connection: typeof Connection.Type): Catalog.Snapshot => {
  const { id, sourceId, destinationId, enabled, schedule } = connection
  return {
    ids: { connection: id },
    connection: { source: { id: sourceId }, destination: { id: destinationId } },
    state: enabled === undefined ? "unknown" : enabled ? "enabled" : "paused",
    vendorState: enabled === undefined ? "" : enabled ? "enabled" : "disabled",
    native: connection,
    ...fromWire(schedule),
  }
}

const Spec = Schema.Struct({ source: VendorId, destination: VendorId })

const specOf = ({ part }: Definition) => Option.getOrUndefined(Schema.decodeUnknownOption(Spec)(part.spec))

/** Defines a sync over these parts. Acme's syncs have no names. */
export const definition = (parts: VendorIds, { name: _, ...wanted }: DefinitionInput): Definition => ({
  ...wanted,
  part: { vendor: "acme", spec: { source: parts["source"] ?? "", destination: parts["destination"] ?? "" } },
})

const root = ["v2", "retl-connections"]
const pathOf = (sync: VendorIds) => [...root, sync["connection"] ?? ""]
const noNames = { path: ["name"], message: "Expected none: Acme's connections have no name" }
const closed = { capability: "the list of connections is closed to this account: name each connection" }

export const reads = (http: VendorClient.VendorClient) => {
  const asClosed = (error: RetlError) =>
    error.reason._tag === "PermissionDenied" || error.reason._tag === "NotFound"
      ? error.with({ reason: new Reason.Unsupported(closed) })
      : error

  const page = (query: Readonly<Record<string, string>>) => (cursor: string | undefined) => {
    const at = Number(cursor ?? 1)
    return http
      .call({
        operation: "syncs",
        method: "GET",
        path: root,
        query: { ...query, page: at, pageSize: 100 },
        answer: answer(Listed),
      })
      .pipe(
        Effect.mapError(asClosed),
        Effect.map(({ data, paging }) => ({
          items: data.flatMap((entry) => Option.toArray(Option.map(decodeConnection(entry), snapshot))),
          ...((paging?.next ?? "") !== "" && { next: String(at + 1) }),
        })),
      )
  }

  return {
    page,
    list: (requests: Catalog.Requests) => requests.pages("syncs", page({})),
    get: (requests: Catalog.Requests, sync: VendorIds) => {
      const connection = http.call({ operation: "sync", method: "GET", path: pathOf(sync), answer: answer(Connection) })
      // A 404 means that the connection or the route is missing. The list shows which.
      const shown = Effect.catchIf(
        requests.read("syncs", Effect.map(connection, snapshot)),
        ({ reason }) => reason._tag === "NotFound",
        (missing) =>
          Effect.andThen(
            requests.read("syncs", page({})(undefined)),
            Effect.fail(missing.with({ reason: new Reason.NotFound({ what: "sync" }) })),
          ),
      )
      return Effect.mapError(shown, (error) => (error.reason._tag === "PermissionDenied" ? asClosed(error) : error))
    },
  }
}

export const writes = (http: VendorClient.VendorClient): Administration.Writes => ({
  schedules: forms,
  definitionProblems: (wanted) => [
    ...(wanted.name === undefined ? [] : [noNames]),
    ...(specOf(wanted) === undefined ? [{ path: ["part"], message: "Expected a source and a destination" }] : []),
  ],
  changeProblems: ({ name }) => (name === undefined ? [] : [noNames]),
  listCandidates: (requests, wanted) => {
    const { source: sourceId = "", destination: destinationId = "" } = specOf(wanted) ?? {}
    return Stream.runCollect(requests.pages("syncs", reads(http).page({ sourceId, destinationId })))
  },
  isLike: (wanted, { connection: { source, destination } }) =>
    source?.id === specOf(wanted)?.source && destination?.id === specOf(wanted)?.destination,
  create: (wanted) => {
    const { enabled = false, schedule = Schedule.manual } = wanted
    const body = {
      sourceId: specOf(wanted)?.source,
      destinationId: specOf(wanted)?.destination,
      enabled,
      schedule: toWire(schedule),
      identifiers: [{ from: "email", to: "user_id" }],
      event: { type: "identify" },
    }
    const create = { operation: "create", method: "POST", path: root, body, answer: answer(Connection) } as const
    return Effect.map(http.call(create), snapshot)
  },
  update: ({ ids, schedule: now = Schedule.manual }, { enabled, schedule = now }) => {
    const body = { schedule: toWire(schedule), ...(enabled !== undefined && { enabled }) }
    const update = { operation: "update", method: "PUT", path: pathOf(ids), body, answer: answer(Connection) } as const
    return Effect.map(http.call(update), snapshot)
  },
  shows: () => true,
  delete: ({ ids }) => http.call({ operation: "delete", method: "DELETE", path: pathOf(ids) }),
})

export interface Parts {
  readonly reads: ReturnType<typeof reads>
  readonly writes: Administration.Writes
}

/** The parts of a driver that configure syncs. */
export const make = (http: VendorClient.VendorClient, parts: Parts = { reads: reads(http), writes: writes(http) }) => ({
  catalog: Sections.catalog(parts.reads),
  administration: Sections.administration(parts.writes),
})

export type Configuration = ReturnType<typeof make>
