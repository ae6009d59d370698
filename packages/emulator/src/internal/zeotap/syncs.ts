/** Configured syncs: list, read, create, update and delete. */
import * as Json from "@openretl/core/driver/Json"
import { type IncomingRequest, parseObject } from "../../kit/IncomingRequest.ts"
import { normalizeFields, normalizeName } from "../../kit/Normalize.ts"
import { empty, json, type Reply } from "../../kit/Reply.ts"
import type { RequestContext, Route } from "../../kit/Route.ts"
import type { Sync } from "../../kit/Run.ts"
import { newSync, reschedule } from "../../kit/Sync.ts"
import * as Timing from "../../kit/Timing.ts"
import type { Account } from "./account.ts"
import { listReply } from "./pages.ts"
import type { Parts } from "./parts.ts"
import { decodeSyncBody, type SyncFields } from "./syncBody.ts"
import * as Wire from "./wire.ts"

/** The attributes of a sync that is set up without the API. */
export const defaultAttributes = {
  description: "",
  field_mapping: [{ source_column: "email", destination_field: "Email" }],
  sync_mode: "upsert",
  config: {},
  primary_key: "customer_id",
}

/** What a create stores of attributes that it leaves out. */
const createDefaults = { description: "", config: {} }

/** The attributes that are names or descriptions. */
const names = ["description"]

const bodyOf = ({ currentSwitches, owners }: Account, sync: Sync, asOf: number) =>
  Wire.syncBody(currentSwitches(), sync, asOf, owners)

/** Answers a read of the sync. */
const readOf =
  (account: Account) =>
  (sync: Sync, { now }: RequestContext) =>
    json(200, bodyOf(account, sync, now))

export const list = (account: Account, request: IncomingRequest): Route => ({
  operation: "syncs",
  handle: ({ now, asOf }) => {
    const { world } = account
    for (const sync of world.syncs.values()) world.advance(sync, now)
    const syncs = world.history.at(asOf)
    return listReply(account, request, ({ offset, limit }) => ({
      total: syncs.length,
      texts: syncs.slice(offset, offset + limit).map((sync) => Json.stringify(bodyOf(account, sync, asOf)) ?? ""),
    }))
  },
})

export const get = (account: Account, sync: Sync | undefined, id: string): Route => ({
  operation: "sync",
  sync,
  answerAbout: readOf(account),
  handle: ({ asOf }) => {
    const shown = account.world.history.find(id, asOf)
    return shown === undefined ? account.syncNotFound() : json(200, bodyOf(account, shown, asOf))
  },
})

export const create = (account: Account, parts: Parts, request: IncomingRequest): Route => ({
  operation: "create",
  answerAbout: (other, { now }) => writeReply(account, account.currentSwitches().createAnswer, 201, other, now),
  handle: ({ now, call }: RequestContext) => {
    const { world, mint, currentSwitches, normalization } = account
    const fields = fieldsOrRefusal(account, parts, request, undefined)
    if ("status" in fields) return fields
    const id = mint.uuid("sync")
    const schedule = fields.schedule ?? undefined
    const sync = newSync(
      {
        ids: { sync: id },
        parts: { model: fields.model ?? "", destination: fields.destination ?? "" },
        name: normalizeName(normalization(), fields.name ?? ""),
        state: currentSwitches().createdStatus === "active" ? "enabled" : "draft",
        attributes: normalizeFields(normalization(), { ...createDefaults, ...fields.attributes }, names),
        schedule,
        timing: schedule === undefined ? Timing.never : Timing.cron(schedule),
        call,
      },
      now,
    )
    // A name that another sync has taken since then makes the create come to nothing, where names must differ.
    world.changes.create(id, sync, now, () => !isNameRefused(account, sync, sync.name))
    return writeReply(account, currentSwitches().createAnswer, 201, sync, now)
  },
})

export const update = (account: Account, parts: Parts, sync: Sync | undefined, request: IncomingRequest): Route => ({
  operation: "update",
  sync,
  answerAbout: (other, { now }) => writeReply(account, account.currentSwitches().updateAnswer, 200, other, now),
  handle: ({ now }) => {
    if (sync === undefined) return account.syncNotFound()
    const fields = fieldsOrRefusal(account, parts, request, sync)
    if ("status" in fields) return fields
    const { model, destination, schedule } = fields
    const [kinds, isCleared] = [account.normalization(), account.clearsOmitted()]
    const apply = (target: Sync, at: number) => {
      target.name = normalizeName(kinds, fields.name) ?? target.name
      target.state = fields.state ?? target.state
      target.attributes = {
        ...target.attributes,
        ...(isCleared && createDefaults),
        ...normalizeFields(kinds, fields.attributes, names),
      }
      target.parts = { ...target.parts, ...(model && { model }), ...(destination && { destination }) }
      if (schedule === null || (schedule === undefined && isCleared)) reschedule(target, at, Timing.never, undefined)
      else if (schedule !== undefined) reschedule(target, at, Timing.cron(schedule), schedule)
      target.updatedAt = at
    }
    const changed = account.world.changes.update(sync, now, apply)
    return writeReply(account, account.currentSwitches().updateAnswer, 200, changed, now)
  },
})

export const remove = (account: Account, sync: Sync | undefined): Route => ({
  operation: "delete",
  sync,
  answerAbout: readOf(account),
  handle: ({ now }) => {
    const { world, currentSwitches, syncNotFound } = account
    if (sync === undefined) return syncNotFound()
    world.changes.remove(String(sync.ids["sync"]), sync, now)
    return currentSwitches().deleteAnswer === "204" ? empty(204) : json(200, { status: "deleted" })
  },
})

/** Returns the fields of a create, or of an update of `sync`, or else the refusal of the request. */
const fieldsOrRefusal = (
  account: Account,
  parts: Parts,
  request: IncomingRequest,
  sync: Sync | undefined,
): SyncFields | Reply => {
  const { currentSwitches, fail } = account
  const switches = currentSwitches()
  const body = parseObject(request.body)
  if (body === undefined) return fail(400, "invalid request body")
  const fields = decodeSyncBody(body, parts, switches, sync === undefined)
  if (typeof fields === "string") return fail(400, fields)
  return isNameRefused(account, sync, fields.name)
    ? fail(Number(switches.duplicateName), "a sync with this name already exists")
    : fields
}

/** Whether a sync cannot have this name, because another one has it. */
const isNameRefused = ({ world, currentSwitches }: Account, sync: Sync | undefined, name: string | undefined) =>
  currentSwitches().duplicateName !== "allowed" &&
  [...world.syncs.values()].some((other) => other !== sync && other.name === name)

const writeReply = (
  account: Account,
  form: "object" | "id-only" | "empty",
  status: number,
  sync: Sync,
  now: number,
): Reply => {
  if (form === "empty") return empty(status)
  return json(status, form === "id-only" ? { id: sync.ids["sync"] } : bodyOf(account, sync, now))
}
