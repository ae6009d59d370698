/** Configured model syncs: list, read, replace, and whether they are active. */
import * as Json from "@openretl/core/driver/Json"
import * as Predicate from "effect/Predicate"
import { type IncomingRequest, parseObject } from "../../kit/IncomingRequest.ts"
import { normalizeFields, normalizeName } from "../../kit/Normalize.ts"
import * as PageRequest from "../../kit/PageRequest.ts"
import { empty, json } from "../../kit/Reply.ts"
import type { RequestContext, Route } from "../../kit/Route.ts"
import type { Sync } from "../../kit/Run.ts"
import { stopRun } from "../../kit/RunState.ts"
import { reschedule } from "../../kit/Sync.ts"
import type { Account } from "./account.ts"
import * as Schedules from "./schedule.ts"
import * as Wire from "./wire.ts"

/** The attributes of a sync that is set up without the API, as in the vendor's sample. */
export const defaultAttributes = {
  mode: "updateOrCreate",
  object: "Contact",
  fields: [{ source: { field: "email", model_id: "248df4b7-aa70-47b8-a036-33ac447e668d" }, target: "Email" }],
  identity: {
    function: "Equality",
    source: { field: "email", model_id: "248df4b7-aa70-47b8-a036-33ac447e668d" },
    target: "Email",
  },
  filters: [],
  only_enrich_updates: false,
  skip_initial_backfill: false,
  sync_all_records: false,
}

/** The attributes that a stranger can change. */
export const attributeNames = Object.keys(defaultAttributes)

/** The fields of an update besides those that the engine has, with their defaults: what an update leaves out has that. */
const optionalFields: Readonly<Record<string, unknown>> = {
  identity: undefined,
  override_fields: undefined,
  overrides: undefined,
  filters: [],
  filter_logic: undefined,
  policies: undefined,
  encryption_passphrase: undefined,
  only_enrich_updates: false,
  skip_initial_backfill: false,
  sync_all_records: false,
}

export const list = (account: Account, request: IncomingRequest): Route => ({
  operation: "syncs",
  handle: ({ now, asOf }) => {
    const { world, currentSwitches, fail, organizationId } = account
    const { query } = request
    const page = PageRequest.ofToken(query, { from: "page_token", size: "limit", defaultSize: 50, maxSize: 50 })
    if (page === undefined) return fail(400, "invalid page_token or limit")
    for (const sync of world.syncs.values()) world.advance(sync, now)
    const [active, connection] = [query.get("active"), query.get("target_connection_id")]
    const syncs = world.history
      .at(asOf)
      .filter(
        (sync) =>
          (active === null || String(sync.state === "enabled") === active) &&
          (connection === null || sync.parts["connection"] === connection),
      )
      .toSorted((one, other) => other.updatedAt - one.updatedAt || (Wire.idOf(one) < Wire.idOf(other) ? -1 : 1))
    const { offset, limit } = page
    const texts = syncs
      .slice(offset, offset + limit)
      .map((sync) => Json.stringify(Wire.listedSync(sync, organizationId)) ?? "")
    return Wire.listReply(
      currentSwitches(),
      texts,
      offset + texts.length < syncs.length ? offset + texts.length : undefined,
    )
  },
})

const bodyOf = ({ organizationId }: Account, sync: Sync) => json(200, { data: Wire.syncBody(sync, organizationId) })

/** Answers a read of the sync. */
const readOf = (account: Account) => (sync: Sync, _: RequestContext) => bodyOf(account, sync)

export const get = (account: Account, sync: Sync | undefined, id: string): Route => ({
  operation: "sync",
  sync,
  answerAbout: readOf(account),
  handle: ({ asOf }) => {
    const shown = account.world.history.find(id, asOf)
    return shown === undefined ? account.fail(404, "sync not found") : bodyOf(account, shown)
  },
})

export const remove = (account: Account, sync: Sync | undefined): Route => ({
  operation: "delete",
  sync,
  answerAbout: readOf(account),
  handle: ({ now }) => {
    if (sync === undefined) return account.fail(404, "sync not found")
    for (const run of sync.liveRuns) stopRun(run, now, account.stopTakes)
    account.world.changes.remove(Wire.idOf(sync), sync, now)
    return empty(204)
  },
})

export const activate = (account: Account, sync: Sync | undefined, request: IncomingRequest): Route => ({
  operation: "update",
  sync,
  handle: ({ now }) => {
    if (sync === undefined) return account.fail(404, "sync not found")
    const { active } = parseObject(request.body) ?? {}
    if (typeof active !== "boolean") return account.fail(400, "active is required")
    const shown = account.world.changes.update(sync, now, (target, at) => {
      target.state = active ? "enabled" : "paused"
      target.updatedAt = at
    })
    return json(200, { data: { active: shown.state === "enabled", id: Wire.idOf(sync) } })
  },
})

export const update = (account: Account, sync: Sync | undefined, request: IncomingRequest): Route => ({
  operation: "update",
  sync,
  answerAbout: readOf(account),
  handle: ({ now }) => {
    if (sync === undefined) return account.fail(404, "sync not found")
    const body = parseObject(request.body)
    if (body === undefined) return account.fail(400, "invalid JSON")
    const { name, mode, target, fields, schedule, active = false, ...others } = body
    const decoded = Schedules.decode(schedule)
    const wrong = [
      ...(typeof name === "string" && name !== "" ? [] : ["name"]),
      ...(typeof mode === "string" ? [] : ["mode"]),
      ...(isTarget(target) ? [] : ["target"]),
      ...(Array.isArray(fields) ? [] : ["fields"]),
      ...(decoded === undefined ? ["schedule"] : []),
      ...(typeof active === "boolean" ? [] : ["active"]),
      ...Object.keys(others).filter((field) => !(field in optionalFields)),
    ]
    if (wrong.length > 0 || typeof name !== "string" || decoded === undefined || !isTarget(target)) {
      return account.fail(422, `invalid: ${wrong.join(", ")}`)
    }
    const kinds = account.normalization()
    const { connection_id: connection, object, ...settings } = target
    const apply = (changed: Sync, at: number) => {
      changed.name = normalizeName(kinds, name)
      changed.state = active === true ? "enabled" : "paused"
      changed.parts = { ...changed.parts, connection }
      changed.attributes = {
        ...optionalFields,
        ...normalizeFields(kinds, { mode, fields, object, settings, ...others }),
      }
      const isSame = Json.stringify(decoded) === Json.stringify(changed.schedule)
      if (!isSame) reschedule(changed, at, Schedules.timingOf(decoded), decoded)
      changed.updatedAt = at
    }
    return bodyOf(account, account.world.changes.update(sync, now, apply))
  },
})

const isTarget = (value: unknown): value is { readonly connection_id: string; readonly object?: unknown } =>
  Predicate.isObject(value) && typeof Reflect.get(value, "connection_id") === "string"
