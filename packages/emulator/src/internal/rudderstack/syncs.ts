/** RudderStack's routes of connections: make, read, list, change, delete. Not on the vendor's public page. */
import type { Moment, Route } from "../engine/dialect.ts"
import { newSync } from "../engine/newSync.ts"
import { type Incoming, parseObject } from "../http/incomingRequest.ts"
import { empty, json, type Reply } from "../http/reply.ts"
import { reschedule, type Sync } from "../world/sync.ts"
import { type Account, isShown } from "./account.ts"
import { type Body, look } from "./body.ts"
import { pageAsked } from "./pages.ts"
import { timingOf } from "./schedule.ts"
import { type Attributes, created, updated } from "./syncBody.ts"
import * as Wire from "./wire.ts"

/** A connection that nobody asked anything special of: rows become events. */
export const usual: Attributes = {
  syncBehaviour: "upsert",
  identifiers: [{ from: "email", to: "user_id" }],
  mappings: [{ from: "name", to: "first_name" }],
  event: { type: "identify" },
}

const pairOf = (parts: Readonly<Record<string, string>>) => `${parts["source"]} ${parts["destination"]}`

export const routes = (account: Account) => {
  const { world, mint, settings, fail, invalid, closed } = account
  const noConnection = () => fail(404, "connection not found")

  /** A connection as the vendor shows it: what is empty is left out, but for the identifiers. */
  const shown = (sync: Sync): Body => {
    const { identifiers, ...rest } = sync.attributes
    const set = settings()
    const filled = Object.entries(rest).filter(([, value]) => !(Array.isArray(value) && value.length === 0))
    const noObject = set.objectOfEvents === "empty-string" && rest["event"] !== undefined ? { object: "" } : {}
    return {
      id: sync.ids["connection"],
      sourceId: sync.parts["source"],
      destinationId: sync.parts["destination"],
      enabled: sync.state === "enabled" || sync.state === "error",
      schedule: sync.schedule ?? { type: "manual" },
      identifiers: identifiers ?? [],
      ...noObject,
      ...Object.fromEntries(filled),
      ...(sync.call !== undefined && {
        createdAt: Wire.timestamp(set, sync.createdAt),
        updatedAt: Wire.timestamp(set, sync.updatedAt),
      }),
    }
  }

  const createdStatus = () => Number(settings().createStatus)

  const create = (incoming: Incoming): Route => ({
    operation: "create",
    handle: (moment) => closed() ?? insert(incoming, moment),
  })

  const insert = (incoming: Incoming, { now, call }: Moment): Reply => {
    const set = settings()
    const body = parseObject(incoming.body)
    if (body === undefined) return fail(400, "Bad Request")
    const findings = look(body)
    const wanted = created(body, findings)
    if (wanted === undefined) return invalid(findings.details)
    const parts = { source: wanted.sourceId, destination: wanted.destinationId }
    if (!account.sources.has(parts.source)) return fail(404, "source not found")
    if (!account.destinations.has(parts.destination)) return fail(404, "destination not found")
    const pair = pairOf(parts)
    const taken = [...world.syncs.values()].find((one) => pairOf(one.parts) === pair)
    if (taken !== undefined) {
      return set.pairTaken === "existing"
        ? json(createdStatus(), shown(taken))
        : fail(Number(set.pairTaken), "a connection between this source and destination already exists")
    }
    const revived = set.deletedPairRevived === "old-id" ? account.deleted.get(pair) : undefined
    const id = revived ?? mint.ksuid("connection")
    const sync = newSync(
      {
        ids: { connection: id },
        parts,
        name: wanted.attributes.externalId ?? id,
        state: wanted.enabled ? "enabled" : "paused",
        attributes: { ...wanted.attributes },
        schedule: wanted.schedule.type === "manual" ? undefined : wanted.schedule,
        timing: timingOf(wanted.schedule, now),
        call,
      },
      now,
    )
    world.add(id, sync)
    return json(createdStatus(), shown(sync))
  }

  const read = (sync: Sync | undefined): Route => ({
    operation: "sync",
    sync,
    handle: ({ view }) => {
      const known = sync !== undefined && isShown(sync, view)
      return closed() ?? (known ? json(200, shown(sync)) : noConnection())
    },
  })

  const update = (sync: Sync | undefined, incoming: Incoming): Route => ({
    operation: "update",
    sync,
    handle: ({ now }) => closed() ?? (sync === undefined ? noConnection() : change(sync, incoming, now)),
  })

  const change = (sync: Sync, incoming: Incoming, now: number): Reply => {
    const body = parseObject(incoming.body)
    if (body === undefined) return fail(400, "Bad Request")
    const findings = look(body)
    const wanted = updated(body, findings, sync.attributes, sync.schedule)
    if (wanted === undefined) return invalid(findings.details)
    if (wanted.enabled !== undefined) sync.state = wanted.enabled ? "enabled" : "paused"
    sync.attributes = wanted.attributes
    sync.updatedAt = now
    const schedule = wanted.schedule.type === "manual" ? undefined : wanted.schedule
    if (JSON.stringify(schedule) !== JSON.stringify(sync.schedule)) {
      reschedule(sync, now, timingOf(wanted.schedule, now), schedule)
    }
    return json(200, shown(sync))
  }

  /** The vendor keeps what is deleted, out of sight. */
  const remove = (sync: Sync | undefined): Route => ({
    operation: "delete",
    sync,
    handle: () => {
      const refused = closed()
      if (refused !== undefined) return refused
      if (sync === undefined) return noConnection()
      const id = String(sync.ids["connection"])
      account.deleted.set(pairOf(sync.parts), id)
      world.remove(id)
      return empty(204)
    },
  })

  const setExternalId = (sync: Sync | undefined, incoming: Incoming): Route => ({
    operation: "update",
    sync,
    handle: ({ now }) => {
      const refused = closed()
      if (refused !== undefined) return refused
      if (sync === undefined) return noConnection()
      const findings = look(parseObject(incoming.body) ?? {})
      const externalId = findings.text("externalId")
      if (externalId === undefined) return invalid(findings.details)
      sync.attributes = { ...sync.attributes, externalId }
      sync.updatedAt = now
      return json(200, { id: sync.ids["connection"], externalId })
    },
  })

  const list = (incoming: Incoming): Route => ({
    operation: "syncs",
    handle: ({ view }) => {
      const refused = closed()
      if (refused !== undefined) return refused
      const set = settings()
      const asked = pageAsked(set, incoming.query, "pageSize")
      if ("status" in asked) return asked
      const { query } = incoming
      const all = [...world.syncs.values()].filter(
        (sync) =>
          isShown(sync, view) &&
          (query.get("sourceId") ?? sync.parts["source"]) === sync.parts["source"] &&
          (query.get("destinationId") ?? sync.parts["destination"]) === sync.parts["destination"] &&
          hasAsAsked(query, sync.attributes["externalId"]),
      )
      const offset = (asked.page - 1) * asked.perPage
      return json(200, {
        data: all.slice(offset, offset + asked.perPage).map(shown),
        paging: Wire.paging(set, "retl-connections", asked.page, asked.perPage, all.length),
      })
    },
  })

  /** What is `/v2/retl-connections`, a connection below it, or its external id. */
  return (incoming: Incoming, sync: Sync | undefined): Route | undefined => {
    const { method, segments } = incoming
    switch (`${method} ${segments.length}`) {
      case "GET 2":
        return list(incoming)
      case "POST 2":
        return create(incoming)
      case "GET 3":
        return read(sync)
      case "PUT 3":
        return update(sync, incoming)
      case "DELETE 3":
        return remove(sync)
      case "PUT 4":
        return segments[3] === "external-id" ? setExternalId(sync, incoming) : undefined
      default:
        return undefined
    }
  }
}

/** The filter `hasExternalId`; another word than true or false filters nothing. */
export const hasAsAsked = (query: URLSearchParams, externalId: unknown): boolean => {
  const asked = query.get("hasExternalId")
  return asked === "true" || asked === "false" ? (asked === "true") === (externalId !== undefined) : true
}
