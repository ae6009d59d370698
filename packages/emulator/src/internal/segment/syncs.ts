/** Subscriptions: list, read, create, update and delete. Those with a model are Segment's syncs. */

import { type IncomingRequest, parseObject } from "../../kit/IncomingRequest.ts"
import { normalizeFields, normalizeName } from "../../kit/Normalize.ts"
import type { Reply } from "../../kit/Reply.ts"
import type { Route } from "../../kit/Route.ts"
import type { Sync } from "../../kit/Run.ts"
import { newSync } from "../../kit/Sync.ts"
import * as Timing from "../../kit/Timing.ts"
import { type Account, keyOf } from "./account.ts"
import {
  bodyRefusal,
  boolean,
  type Check,
  fieldProblem,
  id,
  isRecord,
  optional,
  problemsOf,
  record,
  required,
  text,
} from "./body.ts"
import * as Media from "./media.ts"
import * as Pages from "./pages.ts"
import { decodeSchedule, type Schedule, scheduleCheck } from "./schedule.ts"
import * as Wire from "./wire.ts"

const createRules = {
  name: required(text),
  actionId: required(id),
  trigger: required(text),
  enabled: required(boolean),
  settings: optional(record),
  modelId: optional(id),
}

const inputRules = (refusesUnknown: boolean) => ({
  name: optional(text),
  trigger: optional(text),
  enabled: optional(boolean),
  settings: optional(record),
  reverseETLModelId: optional(id),
  reverseETLSchedule: optional(scheduleCheck(refusesUnknown)),
})

const inputCheck =
  (refusesUnknown: boolean): Check =>
  (value, path) =>
    isRecord(value)
      ? problemsOf(value, inputRules(refusesUnknown), refusesUnknown, path)
      : [fieldProblem(path, "must be an object")]

type CreateFields = {
  readonly name: string
  readonly actionId: string
  readonly trigger: string
  readonly enabled: boolean
  readonly settings?: Readonly<Record<string, unknown>>
  readonly modelId?: string
}

/** The `input` of an update. */
interface UpdateFields extends Partial<Omit<CreateFields, "actionId" | "modelId">> {
  readonly reverseETLModelId?: string
  readonly reverseETLSchedule?: unknown
}

/** The attributes of a subscription that is set up without the API. */
export const defaultAttributes = { trigger: 'event = "new"', settings: { object_type: "contact" } }

/** The routes of subscriptions. */
export interface Syncs {
  readonly list: (destinationId: string, request: IncomingRequest) => Route
  readonly create: (destinationId: string, request: IncomingRequest) => Route
  readonly get: (destinationId: string, subscriptionId: string) => Route
  readonly update: (destinationId: string, subscriptionId: string, request: IncomingRequest) => Route
  readonly remove: (destinationId: string, subscriptionId: string) => Route
}

export const makeSyncs = (account: Account): Syncs => {
  const { world, mint, currentSwitches, normalization } = account
  const subscriptionOf = (destinationId: string, subscriptionId: string, asOf?: number): Sync | undefined =>
    account.subscriptionsOf(destinationId, asOf).find(({ ids }) => ids["subscription"] === subscriptionId)
  const subscriptionNotFound = (destinationId: string, subscriptionId: string): Reply =>
    account.destinations.has(destinationId)
      ? Wire.notFound("Subscription", subscriptionId)
      : Wire.notFound("Destination", destinationId)

  const bodyOf = (sync: Sync): Readonly<Record<string, unknown>> => {
    const switches = currentSwitches()
    const { ids, parts, attributes } = sync
    const kind = account.destinations.get(parts["destination"] ?? "")?.kind
    const schedule = sync.schedule as Schedule | undefined
    return {
      id: ids["subscription"],
      name: sync.name,
      actionId: parts["action"],
      actionSlug: kind?.actions.find((action) => action.id === parts["action"])?.slug ?? "",
      destinationId: parts["destination"],
      ...(ids["model"] === "" ? switches.noModelForm === "empty-string" && { modelId: "" } : { modelId: ids["model"] }),
      ...(schedule !== undefined && { reverseETLSchedule: scheduleBodyOf(schedule) }),
      enabled: sync.state !== "paused" && sync.state !== "draft",
      trigger: attributes["trigger"],
      settings: attributes["settings"],
    }
  }
  const scheduleBodyOf = (schedule: Schedule) =>
    currentSwitches().strategyCase === "lower" ? { ...schedule, strategy: schedule.strategy.toLowerCase() } : schedule
  const syncReply = (field: "subscription" | "destinationSubscription", sync: Sync): Reply =>
    Media.dataReply(currentSwitches(), Media.alpha, { [field]: bodyOf(sync) })

  /** Adds a subscription: to the syncs if it has a model, or else to the subscriptions to events. */
  const add = (sync: Sync, now: number) => {
    const { model = "", subscription = "" } = sync.ids
    const key = keyOf(model, subscription)
    if (model === "") {
      account.eventSubscriptions.set(subscription, sync)
      world.history.begin(key, sync, now)
    } else world.add(key, sync, now)
    account.restartSchedule(sync, now)
  }
  /** Returns the subscription as it is with a model. It is another sync there, without runs. */
  const movedTo = (model: string, sync: Sync, now: number): Sync => {
    if (model === sync.ids["model"]) return sync
    const source = account.models.get(model)?.sourceId ?? ""
    return {
      ...newSync(
        {
          ...sync,
          timing: Timing.never,
          schedule: sync.schedule ?? defaultSchedule(),
          ids: { ...sync.ids, source, model },
          parts: { ...sync.parts, source, model },
        },
        now,
      ),
      createdAt: sync.createdAt,
    }
  }
  /** The schedule of a new subscription with a model. */
  const defaultSchedule = (): Schedule | undefined => {
    switch (currentSwitches().defaultSchedule) {
      case "manual":
        return { strategy: "MANUAL" }
      case "hourly":
        return { strategy: "PERIODIC", config: { interval: "1h" } }
      default:
        return undefined
    }
  }
  const applyUpdate = (sync: Sync, fields: UpdateFields, now: number): void => {
    const { trigger, settings } = fields
    const settingsBefore = sync.attributes["settings"] as Readonly<Record<string, unknown>>
    const isCleared = account.clearsOmitted()
    const keptSettings = currentSwitches().settingsUpdate === "merge" && !isCleared ? settingsBefore : {}
    sync.attributes = {
      trigger: trigger ?? sync.attributes["trigger"],
      settings:
        settings === undefined && !isCleared
          ? settingsBefore
          : { ...keptSettings, ...normalizeFields(normalization(), settings ?? {}) },
    }
    sync.updatedAt = now
    if (fields.name !== undefined) sync.name = normalizeName(normalization(), fields.name)
    if (fields.enabled !== undefined) sync.state = fields.enabled ? "enabled" : "paused"
    const schedule =
      fields.reverseETLSchedule === undefined ? defaultSchedule() : decodeSchedule(fields.reverseETLSchedule)
    if (fields.reverseETLSchedule !== undefined || (isCleared && sync.ids["model"] !== "")) {
      sync.schedule = schedule
      account.restartSchedule(sync, now)
    }
  }
  /** Updates a subscription, also by moving it to another model. Returns it as the answer shows it. */
  const updateSubscription = (sync: Sync, model: string, fields: UpdateFields, now: number): Sync => {
    const commit = (at: number): Sync => {
      if (!world.history.isCurrent(sync)) return sync
      world.advance(sync, at)
      const target = movedTo(model, sync, at)
      applyUpdate(target, fields, at)
      if (target === sync) world.history.record(sync, at)
      else {
        account.removeSubscription(sync, at)
        add(target, at)
      }
      return target
    }
    return world.changes.accept(sync, now, commit, () => {
      const copy = movedTo(model, { ...sync }, now)
      applyUpdate(copy, fields, now)
      return copy
    })
  }

  return {
    list: (destinationId, request) => ({
      operation: "syncs",
      handle: ({ asOf }) => {
        if (!account.destinations.has(destinationId)) return Wire.notFound("Destination", destinationId)
        const subscriptions = account.subscriptionsOf(destinationId, asOf)
        return Pages.listReply(
          currentSwitches(),
          request,
          Media.alpha,
          subscriptions,
          Number.POSITIVE_INFINITY,
          (subscriptionsOnPage, page, total) => ({
            subscriptions: subscriptionsOnPage.map(bodyOf),
            ...Pages.optionalPagination(currentSwitches(), page, total),
          }),
        )
      },
    }),
    create: (destinationId, request) => ({
      operation: "create",
      answerAbout: (other) => syncReply("destinationSubscription", other),
      handle: ({ now, call }) => {
        const body = parseObject(request.body)
        const refusal = bodyRefusal(currentSwitches(), request, body, createRules, Media.alpha)
        if (refusal !== undefined) return refusal
        const destination = account.destinations.get(destinationId)
        if (destination === undefined) return Wire.notFound("Destination", destinationId)
        const { name, actionId, trigger, enabled, settings = {}, modelId = "" } = body as CreateFields
        if (!destination.kind.actions.some((action) => action.id === actionId)) {
          return Wire.notFound("Action", actionId)
        }
        const model = account.models.get(modelId)
        if (modelId !== "" && model === undefined) return Wire.notFound("Reverse ETL Model", modelId)
        const source = model?.sourceId ?? destination.sourceId
        const sync = newSync(
          {
            ids: { source, model: modelId, subscription: mint.short("subscription") },
            parts: { source, model: modelId, destination: destinationId, action: actionId },
            name: normalizeName(normalization(), name),
            state: enabled ? "enabled" : "paused",
            attributes: { trigger, settings: normalizeFields(normalization(), settings) },
            schedule: modelId === "" ? undefined : defaultSchedule(),
            timing: Timing.never,
            call,
          },
          now,
        )
        world.changes.accept(
          sync,
          now,
          (at) => add(sync, at),
          () => undefined,
        )
        return syncReply("destinationSubscription", sync)
      },
    }),
    get: (destinationId, subscriptionId) => {
      const sync = subscriptionOf(destinationId, subscriptionId)
      return {
        operation: "sync",
        sync,
        answerAbout: (other) => syncReply("subscription", other),
        handle: ({ asOf }) => {
          const shown = subscriptionOf(destinationId, subscriptionId, asOf)
          return shown === undefined
            ? subscriptionNotFound(destinationId, subscriptionId)
            : syncReply("subscription", shown)
        },
      }
    },
    update: (destinationId, subscriptionId, request) => {
      const sync = subscriptionOf(destinationId, subscriptionId)
      return {
        operation: "update",
        sync,
        answerAbout: (other) => syncReply("subscription", other),
        handle: ({ now }) => {
          const switches = currentSwitches()
          const body = parseObject(request.body)
          const rules = { input: required(inputCheck(switches.unknownField === "422")) }
          const refusal = bodyRefusal(switches, request, body, rules, Media.alpha)
          if (refusal !== undefined) return refusal
          if (sync === undefined) return subscriptionNotFound(destinationId, subscriptionId)
          const fields = body?.["input"] as UpdateFields
          const model = fields.reverseETLModelId ?? sync.ids["model"] ?? ""
          if (fields.reverseETLModelId !== undefined && !account.models.has(model)) {
            return Wire.notFound("Reverse ETL Model", model)
          }
          if (model === "" && fields.reverseETLSchedule !== undefined) {
            return Wire.badRequest("A subscription without a model has no schedule.")
          }
          return syncReply("subscription", updateSubscription(sync, model, fields, now))
        },
      }
    },
    remove: (destinationId, subscriptionId) => {
      const sync = subscriptionOf(destinationId, subscriptionId)
      return {
        operation: "delete",
        sync,
        answerAbout: (other) => syncReply("subscription", other),
        handle: ({ now }) => {
          if (sync === undefined) return subscriptionNotFound(destinationId, subscriptionId)
          world.changes.accept(
            sync,
            now,
            (at) => account.removeSubscription(sync, at),
            () => undefined,
          )
          return Media.dataReply(currentSwitches(), Media.alpha, { status: "SUCCESS" })
        },
      }
    },
  }
}
