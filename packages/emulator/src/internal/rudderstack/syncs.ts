/** Connections, which are RudderStack's syncs: list, read, create, update and delete. Not on the vendor's public page. */

import { type IncomingRequest, parseObject } from "../../kit/IncomingRequest.ts"
import { normalizeFields, normalizeName } from "../../kit/Normalize.ts"
import { empty, json, type Reply } from "../../kit/Reply.ts"
import type { RequestContext, Route } from "../../kit/Route.ts"
import type { Sync } from "../../kit/Run.ts"
import { newSync, reschedule } from "../../kit/Sync.ts"
import type { Account } from "./account.ts"
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
  readonly get: (sync: Sync | undefined, id: string) => Route
  readonly update: (sync: Sync | undefined, request: IncomingRequest) => Route
  readonly setExternalId: (sync: Sync | undefined, request: IncomingRequest) => Route
  readonly remove: (sync: Sync | undefined) => Route
}

/** The attributes that are names: connections have no other one. */
const names = ["externalId"]

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

  const connectionOf = (pair: string) => [...world.syncs.values()].find((sync) => pairKey(sync.parts) === pair)

  /** Whether a destination can have no further connection, because it has one. */
  const isDestinationRefused = (destination: string) =>
    currentSwitches().destinationTaken !== "unchecked" &&
    [...world.syncs.values()].some((sync) => sync.parts["destination"] === destination)

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
    const existing = connectionOf(pair)
    if (existing !== undefined) {
      return switches.pairTaken === "existing"
        ? json(createStatus(), bodyOf(existing))
        : fail(Number(switches.pairTaken), "a connection between this source and destination already exists")
    }
    if (isDestinationRefused(parts.destination)) {
      return fail(Number(switches.destinationTaken), "destination is already connected to another source")
    }
    // The vendor keeps a deleted connection without showing it.
    const deleted = world.history.lastDeleted((sync) => pairKey(sync.parts) === pair)
    const oldId = switches.deletedPairRevived === "old-id" ? deleted?.ids["connection"] : undefined
    const id = oldId ?? mint.ksuid("connection")
    const attributes = normalizeFields(account.normalization(), fields.attributes, names)
    const sync = newSync(
      {
        ids: { connection: id },
        parts,
        name: attributes.externalId ?? id,
        state: fields.enabled ? "enabled" : "paused",
        attributes: { ...attributes },
        schedule: fields.schedule.type === "manual" ? undefined : fields.schedule,
        timing: timingOf(fields.schedule, now),
        call,
      },
      now,
    )
    // Of two creates that were accepted for a pair or a destination, the first one to take effect takes it.
    const isFree = () => connectionOf(pair) === undefined && !isDestinationRefused(parts.destination)
    world.changes.create(id, sync, now, isFree)
    return json(createStatus(), bodyOf(sync))
  }

  const updateConnection = (sync: Sync, request: IncomingRequest, now: number): Reply => {
    const body = parseObject(request.body)
    if (body === undefined) return fail(400, "Bad Request")
    const check = checkBody(body)
    const fields = decodeUpdate(body, check, sync.attributes, rules(sync.schedule))
    if (fields === undefined) return invalidBody(check.details)
    const schedule = fields.schedule.type === "manual" ? undefined : fields.schedule
    const [kinds, isCleared] = [account.normalization(), account.clearsOmitted()]
    const apply = (target: Sync, at: number) => {
      const enabled = fields.enabled ?? (isCleared || undefined)
      if (enabled !== undefined) target.state = enabled ? "enabled" : "paused"
      const { mappings: _, constants: __, syncSettings: ___, ...required } = target.attributes
      target.attributes = normalizeFields(kinds, fields.attributesOf(isCleared ? required : target.attributes), names)
      target.updatedAt = at
      if (JSON.stringify(schedule) !== JSON.stringify(target.schedule)) {
        reschedule(target, at, timingOf(fields.schedule, at), schedule)
      }
    }
    return json(200, bodyOf(world.changes.update(sync, now, apply)))
  }

  const answerAbout = (sync: Sync): Reply => json(200, bodyOf(sync))

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
        const syncs = world.history
          .at(asOf)
          .filter(
            (sync) =>
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
      answerAbout: (other) => json(createStatus(), bodyOf(other)),
      handle: (context) => closedRefusal() ?? createConnection(request, context),
    }),
    get: (sync, id) => ({
      operation: "sync",
      sync,
      answerAbout,
      handle: ({ asOf }) => {
        const shown = world.history.find(id, asOf)
        return closedRefusal() ?? (shown === undefined ? connectionNotFound() : json(200, bodyOf(shown)))
      },
    }),
    update: (sync, request) => ({
      operation: "update",
      sync,
      answerAbout,
      handle: ({ now }) =>
        closedRefusal() ?? (sync === undefined ? connectionNotFound() : updateConnection(sync, request, now)),
    }),
    setExternalId: (sync, request) => ({
      operation: "update",
      sync,
      answerAbout: ({ ids, attributes }) => json(200, { id: ids["connection"], externalId: attributes["externalId"] }),
      handle: ({ now }) => {
        const refusal = closedRefusal()
        if (refusal !== undefined) return refusal
        if (sync === undefined) return connectionNotFound()
        const check = checkBody(parseObject(request.body) ?? {})
        const externalId = check.text("externalId")
        if (externalId === undefined) return invalidBody(check.details)
        const kinds = account.normalization()
        world.changes.update(sync, now, (target, at) => {
          target.attributes = { ...target.attributes, externalId: normalizeName(kinds, externalId) }
          target.updatedAt = at
        })
        return json(200, { id: sync.ids["connection"], externalId })
      },
    }),
    remove: (sync) => ({
      operation: "delete",
      sync,
      answerAbout,
      handle: ({ now }) => {
        const refusal = closedRefusal()
        if (refusal !== undefined) return refusal
        if (sync === undefined) return connectionNotFound()
        world.changes.remove(String(sync.ids["connection"]), sync, now)
        return empty(204)
      },
    }),
  }
}
