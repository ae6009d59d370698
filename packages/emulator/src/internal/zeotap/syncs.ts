/** Configured syncs: list, read, create, update and delete. */
import * as Json from "@openretl/core/driver/Json"
import type { RequestContext, Route } from "../engine/dialect.ts"
import { type IncomingRequest, parseObject } from "../http/incomingRequest.ts"
import { empty, json, type Reply } from "../http/reply.ts"
import type { Sync } from "../world/model.ts"
import { newSync, reschedule } from "../world/sync.ts"
import * as Timing from "../world/timing.ts"
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

const bodyOf = ({ currentSwitches, owners }: Account, sync: Sync, asOf: number) =>
  Wire.syncBody(currentSwitches(), sync, asOf, owners)

/** Whether a read as of `asOf` shows the sync. Reads always show a sync that was set up without the API. */
const isVisible = (sync: Sync, asOf: number) => sync.call === undefined || sync.createdAt <= asOf

export const list = (account: Account, request: IncomingRequest): Route => ({
  operation: "syncs",
  handle: ({ now, asOf }) => {
    const { world } = account
    const syncs = [...world.syncs.values()].filter((sync) => isVisible(sync, asOf))
    return listReply(account, request, ({ offset, limit }) => ({
      total: syncs.length,
      texts: syncs.slice(offset, offset + limit).map((sync) => {
        world.advance(sync, now)
        return Json.stringify(bodyOf(account, sync, asOf)) ?? ""
      }),
    }))
  },
})

export const get = (account: Account, sync: Sync | undefined): Route => ({
  operation: "sync",
  sync,
  handle: ({ asOf }) =>
    sync === undefined || !isVisible(sync, asOf) ? account.syncNotFound() : json(200, bodyOf(account, sync, asOf)),
})

export const create = (account: Account, parts: Parts, request: IncomingRequest): Route => ({
  operation: "create",
  handle: ({ now, call }: RequestContext) => {
    const { world, mint, currentSwitches } = account
    const fields = fieldsOrRefusal(account, parts, request, undefined)
    if ("status" in fields) return fields
    const id = mint.uuid("sync")
    const schedule = fields.schedule ?? undefined
    const sync = newSync(
      {
        ids: { sync: id },
        parts: { model: fields.model ?? "", destination: fields.destination ?? "" },
        name: fields.name ?? "",
        state: currentSwitches().createdStatus === "active" ? "enabled" : "draft",
        attributes: { description: "", config: {}, ...fields.attributes },
        schedule,
        timing: schedule === undefined ? Timing.never : Timing.cron(schedule),
        call,
      },
      now,
    )
    world.add(id, sync)
    return writeReply(account, currentSwitches().createAnswer, 201, sync, now)
  },
})

export const update = (account: Account, parts: Parts, sync: Sync | undefined, request: IncomingRequest): Route => ({
  operation: "update",
  sync,
  handle: ({ now }) => {
    if (sync === undefined) return account.syncNotFound()
    const fields = fieldsOrRefusal(account, parts, request, sync)
    if ("status" in fields) return fields
    const { model, destination, schedule } = fields
    sync.name = fields.name ?? sync.name
    sync.state = fields.state ?? sync.state
    sync.attributes = { ...sync.attributes, ...fields.attributes }
    sync.parts = { ...sync.parts, ...(model && { model }), ...(destination && { destination }) }
    if (schedule === null) reschedule(sync, now, Timing.never, undefined)
    else if (schedule !== undefined) reschedule(sync, now, Timing.cron(schedule), schedule)
    sync.updatedAt = now
    return writeReply(account, account.currentSwitches().updateAnswer, 200, sync, now)
  },
})

export const remove = ({ world, currentSwitches, syncNotFound }: Account, sync: Sync | undefined): Route => ({
  operation: "delete",
  sync,
  handle: () => {
    const id = sync?.ids["sync"]
    if (id === undefined) return syncNotFound()
    world.remove(id)
    return currentSwitches().deleteAnswer === "204" ? empty(204) : json(200, { status: "deleted" })
  },
})

/** Returns the fields of a create, or of an update of `sync`, or else the refusal of the request. */
const fieldsOrRefusal = (
  { world, currentSwitches, fail }: Account,
  parts: Parts,
  request: IncomingRequest,
  sync: Sync | undefined,
): SyncFields | Reply => {
  const switches = currentSwitches()
  const body = parseObject(request.body)
  if (body === undefined) return fail(400, "invalid request body")
  const fields = decodeSyncBody(body, parts, switches, sync === undefined)
  if (typeof fields === "string") return fail(400, fields)
  const isNameTaken = [...world.syncs.values()].some((other) => other !== sync && other.name === fields.name)
  return isNameTaken && switches.duplicateName !== "allowed"
    ? fail(Number(switches.duplicateName), "a sync with this name already exists")
    : fields
}

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
