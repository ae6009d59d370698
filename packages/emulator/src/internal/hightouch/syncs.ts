/** Configured syncs: list, read, create and update. */
import * as Json from "@openretl/core/driver/Json"
import * as Predicate from "effect/Predicate"
import { type IncomingRequest, parseObject } from "../../kit/IncomingRequest.ts"
import { normalizeFields } from "../../kit/Normalize.ts"
import { json, jsonArray, jsonText, type Reply } from "../../kit/Reply.ts"
import type { RequestContext, Route } from "../../kit/Route.ts"
import type { Sync } from "../../kit/Run.ts"
import { newSync, reschedule } from "../../kit/Sync.ts"
import * as Timing from "../../kit/Timing.ts"
import type { Account } from "./account.ts"
import { pageRequest } from "./runs.ts"
import * as Schedules from "./schedule.ts"
import * as Wire from "./wire.ts"

/** The attributes of a sync that is set up without the API, as in the vendor's sample. */
export const defaultAttributes = {
  configuration: {
    mode: "upsert",
    object: "contacts",
    mappings: [{ to: "email", from: "email", type: "standard" }],
    objectId: "0-1",
    externalIdMapping: { to: "firstname", from: "test_id", type: "standard" },
    associationMappings: [],
  },
  referencedColumns: ["email", "test_id"],
  primaryKey: "id",
  externalSegment: {},
  tags: {},
}

/** The attributes that a stranger can change. */
export const attributeNames = Object.keys(defaultAttributes)

const bodyOf = (account: Account, sync: Sync, asOf: number) =>
  Wire.syncBody(account.currentSwitches(), sync, asOf, account.workspaceId)

export const list = (account: Account, request: IncomingRequest): Route => ({
  operation: "syncs",
  handle: ({ now, asOf }) => {
    const { world } = account
    const page = pageRequest(account, request.query)
    if ("status" in page) return page
    for (const sync of world.syncs.values()) world.advance(sync, now)
    const [slug, model] = [request.query.get("slug"), request.query.get("modelId")]
    const syncs = world.history
      .at(asOf)
      .filter((sync) => (slug === null || sync.name === slug) && (model === null || sync.parts["model"] === model))
    const { offset, limit } = page
    const texts = syncs.slice(offset, offset + limit).map((sync) => Json.stringify(bodyOf(account, sync, asOf)) ?? "")
    return jsonText(200, `{"data":${jsonArray(texts)},"hasMore":${offset + texts.length < syncs.length}}`)
  },
})

/** Answers a read of the sync. */
const readOf =
  (account: Account) =>
  (sync: Sync, { now }: RequestContext) =>
    json(200, bodyOf(account, sync, now))

export const get = (account: Account, sync: Sync | undefined, id: string): Route => ({
  operation: "sync",
  sync,
  answerAbout: readOf(account),
  handle: ({ asOf }) => {
    const shown = account.world.history.find(id, asOf)
    return shown === undefined ? account.fail(404, "Not found") : json(200, bodyOf(account, shown, asOf))
  },
})

/** The fields of a body that are the same in a create and in an update: `schedule` is null to remove it. */
interface SyncFields {
  readonly configuration?: Readonly<Record<string, unknown>>
  readonly schedule?: Schedules.Schedule | null
  readonly disabled?: boolean
}

/** Returns the fields of a body, or the refusal of the body. A create requires all of them. */
const fieldsOf = (account: Account, body: Readonly<Record<string, unknown>>, isCreate: boolean): SyncFields | Reply => {
  const { configuration, schedule, disabled, ...others } = body
  const decoded = schedule === undefined ? undefined : Schedules.decode(schedule)
  const isMissing = (value: unknown) => isCreate && value === undefined
  const wrong = [
    ...Object.keys(others),
    ...(isRecord(configuration) || (configuration === undefined && !isCreate) ? [] : ["configuration"]),
    ...(isMissing(schedule) || (schedule !== undefined && decoded === undefined) ? ["schedule"] : []),
    ...(typeof disabled === "boolean" || (disabled === undefined && !isCreate) ? [] : ["disabled"]),
  ]
  if (wrong.length > 0) return refuse(account, wrong)
  return {
    ...(isRecord(configuration) && { configuration }),
    ...(decoded !== undefined && { schedule: decoded }),
    ...(typeof disabled === "boolean" && { disabled }),
  }
}

/** Refuses these fields, by `refusalInSuccess` inside a 200. */
const refuse = (account: Account, fields: ReadonlyArray<string>): Reply => {
  const details = Object.fromEntries(fields.map((name) => [`requestBody.${name}`, { message: "invalid value" }]))
  const isInside = account.currentSwitches().refusalInSuccess === "yes"
  return isInside ? account.fail(200, "Validation failed", details) : account.invalid(details)
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  Predicate.isObject(value) && !Array.isArray(value)

export const update = (account: Account, sync: Sync | undefined, request: IncomingRequest): Route => ({
  operation: "update",
  sync,
  answerAbout: readOf(account),
  handle: ({ now }) => {
    if (sync === undefined) return account.fail(404, "Not found")
    const body = parseObject(request.body)
    if (body === undefined) return account.fail(400, "Bad request")
    const fields = fieldsOf(account, body, false)
    if ("status" in fields) return fields
    const { configuration, schedule, disabled } = fields
    const [kinds, isCleared] = [account.normalization(), account.clearsOmitted()]
    const apply = (target: Sync, at: number) => {
      if (disabled !== undefined) target.state = disabled ? "paused" : "enabled"
      target.attributes = {
        ...target.attributes,
        ...(isCleared && { configuration: {} }),
        ...(configuration !== undefined && normalizeFields(kinds, { configuration })),
      }
      if (schedule === null || (schedule === undefined && isCleared)) reschedule(target, at, Timing.never, undefined)
      else if (schedule !== undefined) reschedule(target, at, Schedules.timingOf(schedule, at), schedule)
      target.updatedAt = at
    }
    return json(200, bodyOf(account, account.world.changes.update(sync, now, apply), now))
  },
})

/** Reads an id of a body, which may be a number or its digits. */
const idOf = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "bigint" ? String(value) : undefined

export const create = (account: Account, request: IncomingRequest): Route => ({
  operation: "create",
  answerAbout: readOf(account),
  handle: ({ now, call }) => {
    const { world, mint, normalization } = account
    const body = parseObject(request.body)
    if (body === undefined) return account.fail(400, "Bad request")
    const { slug, modelId, destinationId, ...others } = body
    const fields = fieldsOf(account, others, true)
    if ("status" in fields) return fields
    const [model, destination] = [idOf(modelId), idOf(destinationId)]
    if (typeof slug !== "string" || slug === "") return refuse(account, ["slug"])
    if (model === undefined || !account.parts.models.has(model)) return refuse(account, ["modelId"])
    if (destination === undefined || !account.parts.destinations.has(destination)) {
      return refuse(account, ["destinationId"])
    }
    const isTaken = () => [...world.syncs.values()].some((sync) => sync.name === slug)
    if (isTaken()) return account.fail(409, "Validation failed", { slug: { message: "slug is already in use" } })
    const id = mint.digits("sync")
    const { configuration = {}, schedule, disabled } = fields
    const sync = newSync(
      {
        ids: { sync: id },
        parts: { model, destination },
        name: slug,
        state: disabled === false ? "enabled" : "paused",
        attributes: { ...defaultAttributes, ...normalizeFields(normalization(), { configuration }) },
        schedule: schedule ?? undefined,
        timing: schedule === undefined || schedule === null ? Timing.never : Schedules.timingOf(schedule, now),
        call,
      },
      now,
    )
    // A slug that another sync has taken since then makes the create come to nothing.
    world.changes.create(id, sync, now, () => !isTaken())
    return json(200, bodyOf(account, sync, now))
  },
})
