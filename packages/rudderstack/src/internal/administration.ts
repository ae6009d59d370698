/** Creating, changing and deleting connections: the requests, and how to see what became of them. */
import type { AdministrationPart, SyncChange } from "@openretl/core/driver/Administration"
import type { Snapshot } from "@openretl/core/driver/Catalog"
import * as Json from "@openretl/core/driver/Json"
import * as Mask from "@openretl/core/driver/Mask"
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as Reason from "@openretl/core/Reason"
import * as Schedule from "@openretl/core/Schedule"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import type { RudderStackClient } from "../RudderStackClient.ts"
import { type Connection, ConnectionChange, KeepScheduleRequest, NewConnection } from "../RudderStackConnectionsApi.ts"
import * as Catalog from "./catalog.ts"
import * as ConnectionRules from "./connectionRules.ts"
import * as ConnectionWrites from "./connectionWrites.ts"
import type { Ids } from "./ids.ts"
import * as ScheduleCodec from "./schedule.ts"
import { forms } from "./scheduleForms.ts"
import { snapshot } from "./syncFromWire.ts"

/** Creates the administration of connections. */
export const make = (client: RudderStackClient) => {
  const refuse = (operation: string, issues: ReadonlyArray<FieldIssue.FieldIssue>) =>
    Effect.fail(client.http.error(operation, new Reason.InvalidRequest({ issues }), "not-sent"))

  const refuseSchedule = (operation: string, message: string) => refuse(operation, [{ path: ["schedule"], message }])

  const encodeSchedule = (operation: string, schedule: Schedule.Schedule) => {
    const wire = ScheduleCodec.encode(schedule)
    return wire === undefined ? refuseSchedule(operation, inexpressible) : Effect.succeed(wire)
  }

  const updateAndKeepSchedule = ConnectionWrites.updateConnection(client.http, KeepScheduleRequest)

  /**
   * Sends an update. RudderStack requires a schedule in every update: where the schedule does not change, the adapter
   * sends it back as it was read. Where it cannot be sent back, a pause takes it away: it must not stand in the way.
   */
  const sendUpdate = Effect.fnUntraced(function* (
    { ids, native }: Snapshot<Ids, Connection>,
    { enabled, schedule, spec }: SyncChange<ConnectionChange>,
  ) {
    const operation = "updateConnection"
    const { externalId, ...lists } = spec ?? {}
    if (externalId !== undefined) {
      yield* client.setConnectionExternalId(ids.connection, { externalId })
      return undefined
    }
    const issues = ConnectionRules.changeIssues(native, lists)
    if (issues.length > 0) return yield* refuse(operation, FieldIssue.within(specPath, issues))
    const fields = { ...lists, ...(enabled !== undefined && { enabled }) }
    if (schedule !== undefined) {
      const wire = yield* encodeSchedule(operation, schedule)
      return yield* client.updateConnection(ids.connection, { ...fields, schedule: wire })
    }
    const kept = ScheduleCodec.resend(native.schedule) ?? (enabled === false ? ScheduleCodec.none : undefined)
    if (kept === undefined) return yield* refuseSchedule(operation, unreadable)
    return yield* updateAndKeepSchedule(ids.connection, { ...fields, schedule: kept })
  })

  return {
    schedules: forms,
    names: "none",
    spec: NewConnection,
    changedSpec: ConnectionChange,
    // An update sends the schedule back as it was read. The vendor's client says that it keeps the others.
    replaces: ({ native }) => ({
      ...{ enabled: native.enabled, schedule: ScheduleCodec.comparable(native.schedule) },
      ...{ identifiers: plain(native.identifiers), mappings: plain(native.mappings) },
      ...{
        constants: native.constants?.map(({ key, value }) => ({ key, value })) ?? [],
        syncSettings: native.syncSettings,
      },
    }),
    read: Catalog.readAlone(client),
    ends: ({ spec: { sourceId, destinationId } }) => ({ source: sourceId, destination: destinationId }),
    endsOf: ({ native: { sourceId, destinationId } }) => ({
      source: sourceId ?? "",
      destination: destinationId ?? "",
    }),
    // Those of other sources, too: they tell whether the destination is taken.
    listCandidates: (requests, { destination: destinationId = "" }) =>
      requests.pages("syncs", Catalog.pages(client, { destinationId })).pipe(
        Stream.map((connection) => snapshot(connection, undefined)),
        Stream.runCollect,
      ),
    existingIssues: ({ spec: { sourceId, destinationConfig } }, existing) =>
      // A destination with settings of its own, as Customer.io Audiences, may take several sources.
      destinationConfig === undefined && existing.some(({ native }) => isOfOtherSource(sourceId, native))
        ? [{ path: [...specPath, "destinationId"], message: destinationTaken }]
        : [],
    // Lists have to be equal: somebody else may have created a connection for the same pair with more mappings.
    matches: ({ spec: { externalId: _, ...spec } }, { native }) =>
      isPartOf({ ...noLists, ...spec }, { ...noLists, ...native }, "wanted"),
    create: Effect.fnUntraced(function* ({
      enabled = false,
      schedule = Schedule.manual,
      spec: { externalId: _, ...spec },
    }) {
      const wire = yield* encodeSchedule("createConnection", schedule)
      return snapshot(yield* client.createConnection({ ...spec, enabled, schedule: wire }), undefined)
    }),
    afterCreate: ({ externalId }) => (externalId === undefined ? undefined : { externalId }),
    steps: ({ spec: { externalId, ...lists } = {}, ...portable }, { native }) => {
      const isListed = isPartOf(lists, { ...noLists, ...native }, "other")
      const request = { ...portable, ...(!isListed && { spec: lists }) }
      return [
        ...(Object.keys(request).length > 0 ? [request] : []),
        ...(externalId === undefined || externalId === native.externalId ? [] : [{ spec: { externalId } }]),
      ]
    },
    update: Effect.fnUntraced(function* (current, change) {
      const answer = yield* sendUpdate(current, change)
      if (answer === undefined) return undefined
      const updated = snapshot(answer, undefined)
      const { connection, primaryKey } = current
      // The answer does not show what was read of the source, and no change touches that.
      return {
        ...updated,
        connection: { ...updated.connection, ...(connection.source !== undefined && { source: connection.source }) },
        ...(primaryKey !== undefined && { primaryKey }),
      }
    }),
    isShown: (spec, { native }, isAccepted) =>
      isPartOf(spec, { ...noLists, ...native }, isAccepted ? "wanted" : "other"),
    delete: ({ ids }) => client.deleteConnection(ids.connection),
  } satisfies AdministrationPart<Ids, Connection, NewConnection, ConnectionChange>
}

/** Returns the columns and fields of mappings. Answers leave out empty lists. */
const plain = (mappings: Connection["mappings"] = []) => mappings.map(({ from, to }) => ({ from, to }))

const specPath = ["part", "spec"]

const isOfOtherSource = (sourceId: string, connection: Connection): boolean =>
  connection.sourceId !== undefined && connection.sourceId !== sourceId

const destinationTaken =
  "Expected a destination without another Reverse ETL source: it takes one (RudderStack's connection setup page and own client)"

const inexpressible = "Expected a schedule that RudderStack can express: manual, an interval or cron"

const unreadable =
  "Expected a schedule: RudderStack requires one in every change, and the connection's schedule could not be read"

/** Answers leave out empty lists. */
const noLists = { identifiers: [], mappings: [], constants: [] }

/** What a masked value stands for: the wanted value, or another one. */
type Masked = "wanted" | "other"

/** Returns whether `whole` shows everything of `part`. Objects may show more; lists have to be equal. */
const isPartOf = (part: unknown, whole: unknown, masked: Masked): boolean =>
  isRecord(part) ? isRecord(whole) && hasFields(whole, part, masked, isPartOf) : isEqual(part, whole, masked)

/**
 * Compares JSON values, and goes no deeper than both do. `Equal.equals` hashes all of both: an answer may be nested
 * deeper than the stack. Unread keys of an answer say nothing about what was sent.
 */
const isEqual = (one: unknown, other: unknown, masked: Masked): boolean => {
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) && one.length === other.length && one.every((value, i) => isEqual(value, other[i], masked))
    )
  }
  return isRecord(one)
    ? isRecord(other) && readKeys(one) === readKeys(other) && hasFields(other, one, masked, isEqual)
    : one === other || Json.isSameNumber(one, other) || (masked === "wanted" && Mask.isMask(other))
}

const isRecord = (value: unknown): value is object => Predicate.isObject(value) && !Array.isArray(value)

const readKeys = (record: object): number => Object.keys(record).length - (Object.hasOwn(record, "unreadKeys") ? 1 : 0)

const hasFields = (whole: object, part: object, masked: Masked, fits: typeof isEqual): boolean =>
  Object.entries(part).every(
    ([name, value]) => Object.hasOwn(whole, name) && fits(value, Reflect.get(whole, name), masked),
  )
