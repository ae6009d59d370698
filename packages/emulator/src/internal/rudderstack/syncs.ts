/** Connections, which are RudderStack's syncs: list, read, create, update and delete. Not on the vendor's public page. */
import type { RequestContext, Route } from "../engine/dialect.ts"
import { type IncomingRequest, parseObject } from "../http/incomingRequest.ts"
import { empty, json, type Reply } from "../http/reply.ts"
import type { Sync } from "../world/model.ts"
import { newSync, reschedule } from "../world/sync.ts"
import { type Account, isVisible } from "./account.ts"
import { type Body, checkBody } from "./body.ts"
import { isInExternalIdFilter, pageRequest } from "./pages.ts"
import { timingOf } from "./schedule.ts"
import { type Attributes, decodeCreate, decodeUpdate, type Rules } from "./syncBody.ts"
import * as Wire from "./wire.ts"

/** The attributes of a connection that is set up without the API: its rows become events. */
export const defaultAttributes: Attributes = {
  syncBehaviour: "upsert",
  identifiers: [{ from: "email", to: "user_id" }],
  mappings: [{ from: "name", to: "first_name" }],
  event: { type: "identify" },
}

/** The routes of connections. */
export interface Syncs {
  readonly list: (request: IncomingRequest) => Route
  readonly create: (request: IncomingRequest) => Route
  readonly get: (sync: Sync | undefined) => Route
  readonly update: (sync: Sync | undefined, request: IncomingRequest) => Route
  readonly setExternalId: (sync: Sync | undefined, request: IncomingRequest) => Route
  readonly remove: (sync: Sync | undefined) => Route
}

/** Identifies a pair of source and destination, which one connection at most may have. */
const pairKey = (parts: Readonly<Record<string, string>>) => `${parts["source"]} ${parts["destination"]}`

export const makeSyncs = (account: Account): Syncs => {
  const { world, mint, currentSwitches, fail, invalidBody, connectionNotFound, closedRefusal } = account

  /** A connection as reads show it. Empty lists are left out, except for the identifiers. */
  const bodyOf = (sync: Sync): Body => {
    const { identifiers, ...others } = sync.attributes
    const switches = currentSwitches()
    const nonEmpty = Object.entries(others).filter(([, value]) => !(Array.isArray(value) && value.length === 0))
    const hasEmptyObject = switches.objectOfEvents === "empty-string" && others["event"] !== undefined
    return {
      id: sync.ids["connection"],
      sourceId: sync.parts["source"],
      destinationId: sync.parts["destination"],
      enabled: sync.state === "enabled" || sync.state === "error",
      schedule: sync.schedule ?? { type: "manual" },
      identifiers: identifiers ?? [],
      ...(hasEmptyObject && { object: "" }),
      ...Object.fromEntries(nonEmpty),
      ...(sync.call !== undefined && {
        createdAt: Wire.timestamp(switches, sync.createdAt),
        updatedAt: Wire.timestamp(switches, sync.updatedAt),
      }),
    }
  }

  /** The rules about a body. A schedule that the connection has before is accepted again. */
  const rules = (before?: unknown): Rules => {
    const { cronFloor, reservedTargets, eventsWithoutMappings, externalIdAtCreate } = currentSwitches()
    return {
      schedule: { isCronChecked: cronFloor === "400", before },
      reservedTargets,
      eventsWithoutMappings,
      externalIdAtCreate,
    }
  }

  const createStatus = () => Number(currentSwitches().createStatus)

  const createConnection = (request: IncomingRequest, { now, call }: RequestContext): Reply => {
    const switches = currentSwitches()
    const body = parseObject(request.body)
    if (body === undefined) return fail(400, "Bad Request")
    const check = checkBody(body)
    const fields = decodeCreate(body, check, rules())
    if (fields === undefined) return invalidBody(check.details)
    const parts = { source: fields.sourceId, destination: fields.destinationId }
    if (!account.sources.has(parts.source)) return fail(404, "source not found")
    if (!account.destinations.has(parts.destination)) return fail(404, "destination not found")
    const pair = pairKey(parts)
    const existing = [...world.syncs.values()].find((sync) => pairKey(sync.parts) === pair)
    if (existing !== undefined) {
      return switches.pairTaken === "existing"
        ? json(createStatus(), bodyOf(existing))
        : fail(Number(switches.pairTaken), "a connection between this source and destination already exists")
    }
    const isTaken = [...world.syncs.values()].some((sync) => sync.parts["destination"] === parts.destination)
    if (isTaken && switches.destinationTaken !== "unchecked") {
      return fail(Number(switches.destinationTaken), "destination is already connected to another source")
    }
    const oldId = switches.deletedPairRevived === "old-id" ? account.deletedConnections.get(pair) : undefined
    const id = oldId ?? mint.ksuid("connection")
    const sync = newSync(
      {
        ids: { connection: id },
        parts,
        name: fields.attributes.externalId ?? id,
        state: fields.enabled ? "enabled" : "paused",
        attributes: { ...fields.attributes },
        schedule: fields.schedule.type === "manual" ? undefined : fields.schedule,
        timing: timingOf(fields.schedule, now),
        call,
      },
      now,
    )
    world.add(id, sync)
    return json(createStatus(), bodyOf(sync))
  }

  const updateConnection = (sync: Sync, request: IncomingRequest, now: number): Reply => {
    const body = parseObject(request.body)
    if (body === undefined) return fail(400, "Bad Request")
    const check = checkBody(body)
    const fields = decodeUpdate(body, check, sync.attributes, rules(sync.schedule))
    if (fields === undefined) return invalidBody(check.details)
    if (fields.enabled !== undefined) sync.state = fields.enabled ? "enabled" : "paused"
    sync.attributes = fields.attributes
    sync.updatedAt = now
    const schedule = fields.schedule.type === "manual" ? undefined : fields.schedule
    if (JSON.stringify(schedule) !== JSON.stringify(sync.schedule)) {
      reschedule(sync, now, timingOf(fields.schedule, now), schedule)
    }
    return json(200, bodyOf(sync))
  }

  return {
    list: (request) => ({
      operation: "syncs",
      handle: ({ asOf }) => {
        const refusal = closedRefusal()
        if (refusal !== undefined) return refusal
        const switches = currentSwitches()
        const { query } = request
        const page = pageRequest(switches, query, "pageSize")
        if ("status" in page) return page
        const syncs = [...world.syncs.values()].filter(
          (sync) =>
            isVisible(sync, asOf) &&
            (query.get("sourceId") ?? sync.parts["source"]) === sync.parts["source"] &&
            (query.get("destinationId") ?? sync.parts["destination"]) === sync.parts["destination"] &&
            isInExternalIdFilter(query, sync.attributes["externalId"]),
        )
        const offset = (page.number - 1) * page.size
        return json(200, {
          data: syncs.slice(offset, offset + page.size).map(bodyOf),
          paging: Wire.paging(switches, "retl-connections", page, syncs.length),
        })
      },
    }),
    create: (request) => ({
      operation: "create",
      handle: (context) => closedRefusal() ?? createConnection(request, context),
    }),
    get: (sync) => ({
      operation: "sync",
      sync,
      handle: ({ asOf }) =>
        closedRefusal() ??
        (sync !== undefined && isVisible(sync, asOf) ? json(200, bodyOf(sync)) : connectionNotFound()),
    }),
    update: (sync, request) => ({
      operation: "update",
      sync,
      handle: ({ now }) =>
        closedRefusal() ?? (sync === undefined ? connectionNotFound() : updateConnection(sync, request, now)),
    }),
    setExternalId: (sync, request) => ({
      operation: "update",
      sync,
      handle: ({ now }) => {
        const refusal = closedRefusal()
        if (refusal !== undefined) return refusal
        if (sync === undefined) return connectionNotFound()
        const check = checkBody(parseObject(request.body) ?? {})
        const externalId = check.text("externalId")
        if (externalId === undefined) return invalidBody(check.details)
        sync.attributes = { ...sync.attributes, externalId }
        sync.updatedAt = now
        return json(200, { id: sync.ids["connection"], externalId })
      },
    }),
    remove: (sync) => ({
      operation: "delete",
      sync,
      handle: () => {
        const refusal = closedRefusal()
        if (refusal !== undefined) return refusal
        if (sync === undefined) return connectionNotFound()
        const id = String(sync.ids["connection"])
        // The vendor keeps a deleted connection without showing it.
        account.deletedConnections.set(pairKey(sync.parts), id)
        world.remove(id)
        return empty(204)
      },
    }),
  }
}
