/** Configured syncs: list, read, update and delete. */
import * as Json from "@openretl/core/driver/Json"
import * as Predicate from "effect/Predicate"
import { type IncomingRequest, parseObject } from "../../kit/IncomingRequest.ts"
import { normalizeFields, normalizeName } from "../../kit/Normalize.ts"
import { empty, json, type Reply } from "../../kit/Reply.ts"
import type { RequestContext, Route } from "../../kit/Route.ts"
import type { Sync } from "../../kit/Run.ts"
import { reschedule } from "../../kit/Sync.ts"
import { type Account, listReply, pageRequest } from "./account.ts"
import * as Schedules from "./schedule.ts"
import * as Wire from "./wire.ts"

/** The attributes of a sync that is set up without the API. */
export const defaultAttributes = {
  operation: "upsert",
  source_attributes: { object: { type: "model", id: 7 } },
  destination_attributes: { object: "Contact" },
  mappings: [
    { from: { type: "column", data: "email" }, to: "Email", is_primary_identifier: true },
    { from: { type: "column", data: "name" }, to: "Name", is_primary_identifier: false },
  ],
  field_behavior: "specific_properties",
  advanced_configuration: {},
  alert_attributes: [],
}

/** What is left of attributes that an update clears because it leaves them out. */
const clearedAttributes = { field_behavior: "specific_properties", advanced_configuration: {}, alert_attributes: [] }

/** The attributes that a stranger can change. */
export const attributeNames = Object.keys(defaultAttributes)

const bodyOf = (account: Account, sync: Sync, asOf: number) =>
  Wire.syncBody(account.currentSwitches(), sync, asOf, account.groupId)

/** Answers a read of the sync. */
const readOf =
  (account: Account) =>
  (sync: Sync, { now }: RequestContext) =>
    json(200, { status: "success", data: bodyOf(account, sync, now) })

export const list = (account: Account, request: IncomingRequest): Route => ({
  operation: "syncs",
  handle: ({ now, asOf }) => {
    const { world, groupId, currentSwitches, fail } = account
    const page = pageRequest(account, request.query)
    if ("status" in page) return page
    const wanted = request.query.get("group_id")
    if (wanted === null && currentSwitches().groupOfLists === "required") return fail(400, "group_id is required")
    for (const sync of world.syncs.values()) world.advance(sync, now)
    const syncs = wanted === null || wanted === groupId ? [...world.history.at(asOf)] : []
    if (page.isNewestFirst) syncs.reverse()
    const shown = syncs.slice(page.offset, page.offset + page.limit)
    return listReply(account, request, page, {
      texts: shown.map((sync) => Json.stringify(bodyOf(account, sync, asOf)) ?? ""),
      total: syncs.length,
    })
  },
})

export const get = (account: Account, sync: Sync | undefined, id: string): Route => ({
  operation: "sync",
  sync,
  answerAbout: readOf(account),
  handle: ({ asOf }) => {
    const shown = account.world.history.find(id, asOf)
    return shown === undefined
      ? account.syncNotFound()
      : json(200, { status: "success", data: bodyOf(account, shown, asOf) })
  },
})

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  Predicate.isObject(value) && !Array.isArray(value)

/** The fields of a body. */
interface SyncFields {
  readonly label: string | undefined
  readonly paused: boolean | undefined
  readonly mode: Schedules.Mode | undefined
  readonly attributes: Readonly<Record<string, unknown>>
}

const operations: ReadonlyArray<unknown> = ["append", "insert", "mirror", "update", "upsert"]

/** Returns how each attribute has to be. */
const isAttribute = (name: string, value: unknown): boolean => {
  switch (name) {
    case "operation":
      return operations.includes(value)
    case "mappings":
      return Array.isArray(value) && value.length > 0 && value.every(isMapping)
    case "advanced_configuration":
      return isRecord(value)
    case "alert_attributes":
      return Array.isArray(value)
    case "mirror_strategy":
    case "high_water_mark_attribute":
    case "field_behavior":
    case "field_normalization":
    case "field_order":
      return typeof value === "string"
    default:
      return false
  }
}

const isMapping = (entry: unknown): boolean =>
  isRecord(entry) &&
  isRecord(entry["from"]) &&
  typeof entry["from"]["type"] === "string" &&
  typeof entry["to"] === "string"

/** Returns the fields of a body, or the refusal of the body. */
const fieldsOf = ({ fail }: Account, body: Readonly<Record<string, unknown>>): SyncFields | Reply => {
  const { label, paused, mode, ...attributes } = body
  const decoded = mode === undefined ? undefined : Schedules.decode(mode)
  const wrong = [
    ...(label === undefined || label === null || typeof label === "string" ? [] : ["label"]),
    ...(paused === undefined || typeof paused === "boolean" ? [] : ["paused"]),
    ...(mode === undefined || decoded !== undefined ? [] : ["mode"]),
    ...Object.entries(attributes).flatMap(([name, value]) => (isAttribute(name, value) ? [] : [name])),
  ]
  if (wrong.length > 0) return fail(400, `${wrong.join(", ")}: invalid value`)
  return {
    label: typeof label === "string" ? label : undefined,
    paused: typeof paused === "boolean" ? paused : undefined,
    mode: decoded,
    attributes,
  }
}

/** Answers an update in the form of `updateAnswer`. */
const updateReply = (account: Account, sync: Sync, now: number): Reply => {
  const { updateAnswer } = account.currentSwitches()
  if (updateAnswer === "empty") return empty(200)
  const id = { sync_id: Wire.idOf(account.currentSwitches(), sync.ids["sync"]) }
  return json(200, { status: "updated", data: updateAnswer === "id" ? id : bodyOf(account, sync, now) })
}

export const update = (account: Account, sync: Sync | undefined, request: IncomingRequest): Route => ({
  operation: "update",
  sync,
  answerAbout: (other, { now }) => updateReply(account, other, now),
  handle: ({ now }) => {
    if (sync === undefined) return account.syncNotFound()
    const body = parseObject(request.body)
    if (body === undefined) return account.fail(400, "invalid body")
    const fields = fieldsOf(account, body)
    if ("status" in fields) return fields
    const { label, paused, mode, attributes } = fields
    const [kinds, isCleared] = [account.normalization(), account.clearsOmitted()]
    const apply = (target: Sync, at: number) => {
      target.name = normalizeName(kinds, label) ?? target.name
      if (paused !== undefined) target.state = paused ? "paused" : "enabled"
      target.attributes = {
        ...target.attributes,
        ...(isCleared && clearedAttributes),
        ...normalizeFields(kinds, attributes),
      }
      if (mode !== undefined) reschedule(target, at, Schedules.timingOf(mode), mode)
      else if (isCleared) reschedule(target, at, Schedules.timingOf(Schedules.never), Schedules.never)
      target.updatedAt = at
    }
    const changed = account.world.changes.update(sync, now, apply)
    return updateReply(account, changed, now)
  },
})

export const remove = (account: Account, sync: Sync | undefined): Route => ({
  operation: "delete",
  sync,
  answerAbout: readOf(account),
  handle: ({ now }) => {
    if (sync === undefined) return account.syncNotFound()
    account.world.changes.remove(String(sync.ids["sync"]), sync, now)
    return json(200, { status: "deleted" })
  },
})
