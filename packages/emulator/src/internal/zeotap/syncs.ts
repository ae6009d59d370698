/** Configured syncs: listing, reading, creating, changing and deleting them. */
import type { Moment, Route } from "../engine/dialect.ts"
import { newSync } from "../engine/newSync.ts"
import { type Incoming, parseObject } from "../http/incomingRequest.ts"
import { empty, json, type Reply } from "../http/reply.ts"
import { reschedule, type Sync } from "../world/sync.ts"
import * as Timing from "../world/timing.ts"
import type { Account } from "./account.ts"
import type { Parts } from "./parts.ts"
import { read, type Said } from "./syncBody.ts"
import * as Wire from "./wire.ts"

/** What a sync that was set up from outside shows. */
export const newAttributes = {
  description: "",
  field_mapping: [{ source_column: "email", destination_field: "Email" }],
  sync_mode: "upsert",
  config: {},
  primary_key: "customer_id",
}

const shown = ({ settings, names }: Account, sync: Sync, view: number) => Wire.sync(settings(), sync, view, names)

/** Whether reads as old as `view` show it. One that was set up from outside has always been there. */
const isSeen = (sync: Sync, view: number) => sync.call === undefined || sync.createdAt <= view

export const list = (account: Account, incoming: Incoming): Route => ({
  operation: "syncs",
  handle: ({ now, view }) => {
    const { world, listed } = account
    const all = [...world.syncs.values()].filter((sync) => isSeen(sync, view))
    return listed(incoming, (_, offset, limit) => ({
      total: all.length,
      rows: all.slice(offset, offset + limit).map((sync) => {
        world.advance(sync, now)
        return JSON.stringify(shown(account, sync, view))
      }),
    }))
  },
})

export const get = (account: Account, sync: Sync | undefined): Route => ({
  operation: "sync",
  sync,
  handle: ({ view }) =>
    sync === undefined || !isSeen(sync, view) ? account.noSync() : json(200, shown(account, sync, view)),
})

export const create = (account: Account, parts: Parts, incoming: Incoming): Route => ({
  operation: "create",
  handle: ({ now, call }: Moment) => {
    const { world, mint, settings } = account
    const said = accepted(account, parts, incoming, undefined)
    if ("status" in said) return said
    const id = mint.uuid("sync")
    const schedule = said.schedule ?? undefined
    const sync = newSync(
      {
        ids: { sync: id },
        parts: { model: said.model ?? "", destination: said.destination ?? "" },
        name: said.name ?? "",
        state: settings().createdStatus === "active" ? "enabled" : "draft",
        attributes: { description: "", config: {}, ...said.attributes },
        schedule,
        timing: schedule === undefined ? Timing.never : Timing.cron(schedule),
        call,
      },
      now,
    )
    world.add(id, sync)
    return written(account, settings().createAnswer, 201, sync, now)
  },
})

export const update = (account: Account, parts: Parts, sync: Sync | undefined, incoming: Incoming): Route => ({
  operation: "update",
  sync,
  handle: ({ now }) => {
    if (sync === undefined) return account.noSync()
    const said = accepted(account, parts, incoming, sync)
    if ("status" in said) return said
    const { model, destination, schedule } = said
    sync.name = said.name ?? sync.name
    sync.state = said.state ?? sync.state
    sync.attributes = { ...sync.attributes, ...said.attributes }
    sync.parts = { ...sync.parts, ...(model && { model }), ...(destination && { destination }) }
    if (schedule === null) reschedule(sync, now, Timing.never, undefined)
    else if (schedule !== undefined) reschedule(sync, now, Timing.cron(schedule), schedule)
    sync.updatedAt = now
    return written(account, account.settings().updateAnswer, 200, sync, now)
  },
})

export const remove = ({ world, settings, noSync }: Account, sync: Sync | undefined): Route => ({
  operation: "delete",
  sync,
  handle: () => {
    const id = sync?.ids["sync"]
    if (id === undefined) return noSync()
    world.remove(id)
    return settings().deleteAnswer === "204" ? empty(204) : json(200, { status: "deleted" })
  },
})

/** What the request says, or why it is refused. */
const accepted = (
  { world, settings, fail }: Account,
  parts: Parts,
  incoming: Incoming,
  sync: Sync | undefined,
): Said | Reply => {
  const set = settings()
  const body = parseObject(incoming.body)
  if (body === undefined) return fail(400, "invalid request body")
  const said = read(body, parts, set, sync === undefined)
  if (typeof said === "string") return fail(400, said)
  const isTaken = [...world.syncs.values()].some((other) => other !== sync && other.name === said.name)
  return isTaken && set.duplicateName !== "allowed"
    ? fail(Number(set.duplicateName), "a sync with this name already exists")
    : said
}

const written = (
  account: Account,
  form: "object" | "id-only" | "empty",
  status: number,
  sync: Sync,
  now: number,
): Reply => {
  if (form === "empty") return empty(status)
  return json(status, form === "id-only" ? { id: sync.ids["sync"] } : shown(account, sync, now))
}
