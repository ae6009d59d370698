/** Making, changing and deleting connections: what is sent, and how to see what became of it. */
import type { Writes } from "@openretl/core/Administration"
import type { Snapshot } from "@openretl/core/Catalog"
import type { Change, Definition } from "@openretl/core/Change"
import * as Reader from "@openretl/core/driver/Reader"
import * as Schemas from "@openretl/core/driver/schema/Reader"
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as Reason from "@openretl/core/Reason"
import * as Schedule from "@openretl/core/Schedule"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { RudderStackClient } from "../RudderStackClient.ts"
import * as ConnectionsApi from "../RudderStackConnectionsApi.ts"
import * as Catalog from "./catalog.ts"
import * as ConnectionWrites from "./connectionWrites.ts"
import * as NewConnection from "./newConnection.ts"
import * as ScheduleCodec from "./schedule.ts"
import { snapshot } from "./syncFromWire.ts"

/** The vendor's part of a definition: a create without what is portable. */
export type DefinitionSpec = Omit<ConnectionsApi.CreateConnectionRequest, "enabled" | "schedule">

/** The vendor's part of a change. */
export type ChangeSpec = Omit<ConnectionsApi.UpdateConnectionRequest, "enabled" | "schedule">

export const make = (client: RudderStackClient): Writes => {
  const refused = (operation: string, issues: Issues) =>
    client.http.error(operation, new Reason.InvalidRequest({ issues }), "not-sent")
  const keepSchedule = ConnectionWrites.updateConnection(client.http, keepRequest)
  /** The vendor wants the schedule with every change: where it is not what changes, it goes back as it was read. */
  const updated = (id: string, { native }: Snapshot, change: Change) => {
    if (change.schedule !== undefined) {
      const request = updateRequest(change, ScheduleCodec.encode(change.schedule))
      return Result.isFailure(request)
        ? refused("updateConnection", request.failure)
        : client.updateConnection(id, request.success)
    }
    const schedule = ScheduleCodec.resend(connectionOf(native)?.schedule)
    if (schedule === undefined) return refused("updateConnection", [{ path: ["schedule"], message: noSchedule }])
    const request = Reader.read(keepRequest, changed(change, schedule))
    return Result.isFailure(request) ? refused("updateConnection", request.failure) : keepSchedule(id, request.success)
  }
  return {
    schedules: ScheduleCodec.schedules,
    definitionProblems: (definition) => [...nameProblems(definition), ...ownProblems(createRequest(definition))],
    changeProblems: (change) => [
      ...nameProblems(change),
      ...(change.part === undefined ? [] : ownProblems(updateRequest(change, { type: "manual" }))),
    ],
    listCandidates: (requests, { part }) =>
      requests.pages("syncs", Catalog.pages(client, endsOf(part.spec))).pipe(
        Stream.map((connection) => snapshot(connection, undefined)),
        Stream.runCollect,
      ),
    // All of it, and no mapping that was not asked for: somebody else may have made one for the pair meanwhile.
    isLike: ({ part }, { native }) => {
      const found = connectionOf(native)
      return found !== undefined && isPartOf({ ...noLists, ...specOf(part.spec) }, { ...noLists, ...found })
    },
    create: Effect.fnUntraced(function* (definition) {
      const request = createRequest(definition)
      if (Result.isFailure(request)) return yield* refused("createConnection", request.failure)
      return snapshot(yield* client.createConnection(request.success), undefined)
    }),
    update: Effect.fnUntraced(function* (current, change) {
      const told = snapshot(yield* updated(idOf(current), current, change), undefined)
      const { source } = current.connection
      // What is known of the source is not in the answer, and no change touches it.
      return {
        ...told,
        connection: { ...told.connection, ...(source !== undefined && { source }) },
        ...(current.primaryKey !== undefined && { primaryKey: current.primaryKey }),
      }
    }),
    shows: ({ spec }, { native }) => {
      const found = connectionOf(native)
      return found !== undefined && isPartOf(spec, { ...noLists, ...found })
    },
    delete: (current) => client.deleteConnection(idOf(current)),
  }
}

type Issues = ReadonlyArray<FieldIssue.FieldIssue>

const idOf = ({ ids }: Snapshot): string => ids["connection"] ?? ""

const connectionOf = (native: unknown): ConnectionsApi.Connection | undefined =>
  Reader.orUndefined(ConnectionsApi.connection, native)

const noSchedule =
  "Expected a schedule: RudderStack wants one with every change, and the one that the connection has cannot be read"

const nameProblems = ({ name }: Pick<Change, "name">): Issues =>
  name === undefined ? [] : [{ path: ["name"], message: "Expected no name: RudderStack's connections have none" }]

/** The problems of the vendor's part; core tells those of the schedule. */
const ownProblems = (request: Result.Result<unknown, Issues>): Issues =>
  Result.isFailure(request)
    ? FieldIssue.within(
        ["part", "spec"],
        request.failure.filter(({ path }) => path[0] !== "schedule"),
      )
    : []

const changeRequest = Schemas.request(ConnectionsApi.UpdateConnectionRequest)
const keepRequest = Schemas.request(ConnectionsApi.KeepScheduleRequest)

const specOf = (spec: unknown): object => (Predicate.isObject(spec) ? spec : {})

const createRequest = ({ enabled = false, schedule = Schedule.manual, part }: Definition) =>
  NewConnection.check({
    ...specOf(part.spec),
    enabled,
    schedule: ScheduleCodec.encode(schedule) ?? { type: "manual" },
  })

const updateRequest = (change: Change, schedule: ConnectionsApi.Schedule | undefined) =>
  Reader.read(changeRequest, changed(change, schedule))

const changed = ({ enabled, part }: Change, schedule: object | undefined) => ({
  ...specOf(part?.spec),
  ...(enabled !== undefined && { enabled }),
  ...(schedule !== undefined && { schedule }),
})

const ends = Reader.struct({ sourceId: Reader.string, destinationId: Reader.string })

/** Of a definition that was checked: there is always both. */
const endsOf = (spec: unknown): Reader.Type<typeof ends> =>
  Reader.orUndefined(ends, spec) ?? { sourceId: "", destinationId: "" }

/** Lists that are empty are absent in answers. */
const noLists = { identifiers: [], mappings: [], constants: [] }

/** Whether `whole` shows everything of `part`: what is absent from a part is not asked for, and lists are whole. */
const isPartOf = (part: unknown, whole: unknown): boolean => {
  if (!Predicate.isObject(part) || Array.isArray(part)) return Equal.equals(part, whole)
  return (
    Predicate.isObject(whole) &&
    Object.entries(part).every(([name, value]) => isPartOf(value, new Map(Object.entries(whole)).get(name)))
  )
}
