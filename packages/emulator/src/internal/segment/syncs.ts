/** Subscriptions: list, create, read, change, remove. Those of a model are the syncs of the emulated world. */
import type { SegmentSwitches } from "../../SegmentSwitches.ts"
import type { Route } from "../engine/dialect.ts"
import type { Setting } from "../engine/make.ts"
import { newSync } from "../engine/newSync.ts"
import { type Incoming, parseObject } from "../http/incomingRequest.ts"
import type { Reply } from "../http/reply.ts"
import type { Sync } from "../world/sync.ts"
import * as Timing from "../world/timing.ts"
import { type Account, keyOf } from "./account.ts"
import { type Check, field, flag, id, optional, problems, record, required, text } from "./body.ts"
import * as Checks from "./checks.ts"
import * as Media from "./media.ts"
import * as Lists from "./pages.ts"
import * as Schedules from "./schedule.ts"
import * as Wire from "./wire.ts"

const createRules = {
  name: required(text),
  actionId: required(id),
  trigger: required(text),
  enabled: required(flag),
  settings: optional(record),
  modelId: optional(id),
}

const inputRules = (refuseUnknown: boolean) => ({
  name: optional(text),
  trigger: optional(text),
  enabled: optional(flag),
  settings: optional(record),
  reverseETLModelId: optional(id),
  reverseETLSchedule: optional(Schedules.check(refuseUnknown)),
})

const input =
  (refuseUnknown: boolean): Check =>
  (value, path) =>
    record.holds(value)
      ? problems(value, inputRules(refuseUnknown), refuseUnknown, path)
      : [field(path, "must be an object")]

type Creation = {
  readonly name: string
  readonly actionId: string
  readonly trigger: string
  readonly enabled: boolean
  readonly settings?: Readonly<Record<string, unknown>>
  readonly modelId?: string
}

interface Change extends Partial<Omit<Creation, "actionId" | "modelId">> {
  readonly reverseETLModelId?: string
  readonly reverseETLSchedule?: unknown
}

export interface Subscriptions {
  readonly list: (destination: string, incoming: Incoming) => Route
  readonly create: (destination: string, incoming: Incoming) => Route
  readonly get: (destination: string, subscription: string) => Route
  readonly update: (destination: string, subscription: string, incoming: Incoming) => Route
  readonly remove: (destination: string, subscription: string) => Route
}

export const makeSubscriptions = (
  { world, mint, settings }: Setting<SegmentSwitches>,
  account: Account,
): Subscriptions => {
  const find = (destination: string, subscription: string): Sync | undefined =>
    account.subscriptions(destination).find(({ ids }) => ids["subscription"] === subscription)
  const missing = (destination: string, subscription: string): Reply =>
    account.destinations.has(destination)
      ? Wire.notFound("Subscription", subscription)
      : Wire.notFound("Destination", destination)

  const shown = (sync: Sync): Readonly<Record<string, unknown>> => {
    const set = settings()
    const { ids, parts, attributes } = sync
    const kind = account.destinations.get(parts["destination"] ?? "")?.kind
    const schedule = sync.schedule as Schedules.Schedule | undefined
    return {
      id: ids["subscription"],
      name: sync.name,
      actionId: parts["action"],
      actionSlug: kind?.actions.find((action) => action.id === parts["action"])?.slug ?? "",
      destinationId: parts["destination"],
      ...(ids["model"] === "" ? set.noModelForm === "empty-string" && { modelId: "" } : { modelId: ids["model"] }),
      ...(schedule !== undefined && { reverseETLSchedule: cased(schedule) }),
      enabled: sync.state !== "paused" && sync.state !== "draft",
      trigger: attributes["trigger"],
      settings: attributes["settings"],
    }
  }
  const cased = (schedule: Schedules.Schedule) =>
    settings().strategyCase === "lower" ? { ...schedule, strategy: schedule.strategy.toLowerCase() } : schedule
  const answer = (key: string, sync: Sync): Reply => Media.answer(settings(), Media.alpha, { [key]: shown(sync) })

  /** Puts it where it belongs: a sync with a model, an entry of its own without. */
  const put = (sync: Sync, now: number) => {
    const { model = "", subscription = "" } = sync.ids
    if (model === "") account.events.set(subscription, sync)
    else world.add(keyOf(model, subscription), sync)
    account.retime(sync, now)
  }
  const take = ({ ids }: Sync) => {
    account.events.delete(ids["subscription"] ?? "")
    world.remove(keyOf(ids["model"], ids["subscription"]))
  }
  /** The same subscription on another model: it has no runs there. */
  const moved = (sync: Sync, model: string, now: number): Sync => {
    if (model === sync.ids["model"]) return sync
    const source = account.models.get(model)?.sourceId ?? ""
    const own = { ...sync, timing: Timing.never, schedule: sync.schedule ?? newSchedule() }
    const next: Sync = {
      ...newSync({ ...own, ids: { ...sync.ids, source, model }, parts: { ...sync.parts, source, model } }, now),
      createdAt: sync.createdAt,
    }
    take(sync)
    put(next, now)
    return next
  }
  const newSchedule = (): Schedules.Schedule | undefined => {
    switch (settings().defaultSchedule) {
      case "manual":
        return { strategy: "MANUAL" }
      case "hourly":
        return { strategy: "PERIODIC", config: { interval: "1h" } }
      default:
        return undefined
    }
  }

  return {
    list: (destination, incoming) => ({
      operation: "syncs",
      handle: ({ view }) => {
        if (!account.destinations.has(destination)) return Wire.notFound("Destination", destination)
        const all = account.subscriptions(destination)
        return Lists.answer(settings(), incoming, Media.alpha, all, view, (found, page, total) => ({
          subscriptions: found.map(shown),
          ...Lists.optionalPagination(settings(), page, total),
        }))
      },
    }),
    create: (destination, incoming) => ({
      operation: "create",
      handle: ({ now, call }) => {
        const body = parseObject(incoming.body)
        const problem = Checks.refusal(settings(), incoming, body, createRules, Media.alpha)
        if (problem !== undefined) return problem
        const found = account.destinations.get(destination)
        if (found === undefined) return Wire.notFound("Destination", destination)
        const { name, actionId, trigger, enabled, settings: own = {}, modelId = "" } = body as Creation
        if (!found.kind.actions.some((action) => action.id === actionId)) return Wire.notFound("Action", actionId)
        const model = account.models.get(modelId)
        if (modelId !== "" && model === undefined) return Wire.notFound("Reverse ETL Model", modelId)
        const source = model?.sourceId ?? found.sourceId
        const sync = newSync(
          {
            ids: { source, model: modelId, subscription: mint.short("subscription") },
            parts: { source, model: modelId, destination, action: actionId },
            name,
            state: enabled ? "enabled" : "paused",
            attributes: { trigger, settings: own },
            schedule: modelId === "" ? undefined : newSchedule(),
            timing: Timing.never,
            call,
          },
          now,
        )
        put(sync, now)
        return answer("destinationSubscription", sync)
      },
    }),
    get: (destination, subscription) => {
      const sync = find(destination, subscription)
      return {
        operation: "sync",
        sync,
        handle: ({ view }) =>
          sync === undefined || sync.createdAt > view
            ? missing(destination, subscription)
            : answer("subscription", sync),
      }
    },
    update: (destination, subscription, incoming) => {
      const sync = find(destination, subscription)
      return {
        operation: "update",
        sync,
        handle: ({ now }) => {
          const set = settings()
          const body = parseObject(incoming.body)
          const rules = { input: required(input(set.unknownField === "422")) }
          const problem = Checks.refusal(set, incoming, body, rules, Media.alpha)
          if (problem !== undefined) return problem
          if (sync === undefined) return missing(destination, subscription)
          const change = body?.["input"] as Change
          const model = change.reverseETLModelId ?? sync.ids["model"] ?? ""
          if (change.reverseETLModelId !== undefined && !account.models.has(model)) {
            return Wire.notFound("Reverse ETL Model", model)
          }
          if (model === "" && change.reverseETLSchedule !== undefined) {
            return Wire.badRequest("A subscription without a model has no schedule.")
          }
          return answer("subscription", changed(moved(sync, model, now), change, now))
        },
      }
    },
    remove: (destination, subscription) => {
      const sync = find(destination, subscription)
      return {
        operation: "delete",
        sync,
        handle: () => {
          if (sync === undefined) return missing(destination, subscription)
          take(sync)
          return Media.answer(settings(), Media.alpha, { status: "SUCCESS" })
        },
      }
    },
  }

  function changed(sync: Sync, change: Change, now: number): Sync {
    const { trigger, settings: own } = change
    const before = sync.attributes["settings"] as Readonly<Record<string, unknown>>
    sync.attributes = {
      trigger: trigger ?? sync.attributes["trigger"],
      settings: own === undefined ? before : settings().settingsUpdate === "merge" ? { ...before, ...own } : own,
    }
    sync.updatedAt = now
    if (change.name !== undefined) sync.name = change.name
    if (change.enabled !== undefined) sync.state = change.enabled ? "enabled" : "paused"
    if (change.reverseETLSchedule !== undefined) {
      sync.schedule = Schedules.read(change.reverseETLSchedule)
      account.retime(sync, now)
    }
    return sync
  }
}
