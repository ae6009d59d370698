/** Models: list, create, read, change, delete. */
import type { SegmentSwitches } from "../../SegmentSwitches.ts"
import type { Moment, Route } from "../engine/dialect.ts"
import type { Setting } from "../engine/make.ts"
import { type Incoming, parseObject } from "../http/incomingRequest.ts"
import type { Reply } from "../http/reply.ts"
import { type Account, keyOf, type Model } from "./account.ts"
import { flag, id, optional, required, text, textUpTo } from "./body.ts"
import * as Checks from "./checks.ts"
import * as Media from "./media.ts"
import * as Lists from "./pages.ts"
import * as Wire from "./wire.ts"

const createRules = {
  sourceId: required(id),
  name: required(text),
  description: required(text),
  enabled: required(flag),
  query: required(textUpTo(65_535)),
  queryIdentifierColumn: required(textUpTo(191)),
}

const updateRules = {
  name: optional(text),
  description: optional(text),
  enabled: optional(flag),
  query: optional(textUpTo(65_535)),
  queryIdentifierColumn: optional(textUpTo(191)),
}

export interface Models {
  readonly list: (incoming: Incoming) => Route
  readonly create: (incoming: Incoming) => Route
  readonly get: (model: string) => Route
  readonly update: (model: string, incoming: Incoming) => Route
  readonly remove: (model: string) => Route
}

export const makeModels = ({ world, mint, settings }: Setting<SegmentSwitches>, account: Account): Models => {
  const missing = (model: string): Reply => Wire.notFound("Reverse ETL Model", model)
  const answer = (model: Model, status?: number): Reply =>
    Media.answer(settings(), Media.alpha, { reverseEtlModel: shown(model) }, status)
  /** A change of a model, with all its syncs brought up to date first. */
  const change = (model: string, handle: (found: Model, moment: Moment) => Reply): Route => ({
    operation: "changePart",
    handle: (moment) => {
      const found = account.models.get(model)
      if (found === undefined) return missing(model)
      for (const sync of account.syncsOf(model)) world.advance(sync, moment.now)
      return handle(found, moment)
    },
  })

  return {
    list: (incoming) => ({
      operation: "parts",
      handle: ({ view }) =>
        Lists.answer(settings(), incoming, Media.alpha, account.models.values(), view, (models, page, total) => ({
          models: models.map(shown),
          pagination: Lists.pagination(settings(), page, total),
        })),
    }),
    create: (incoming) => ({
      operation: "changePart",
      handle: ({ now }) => {
        const body = parseObject(incoming.body)
        const problem = Checks.refusal(settings(), incoming, body, createRules, Media.alpha)
        if (problem !== undefined) return problem
        const made = body as Omit<Model, "id" | "createdAt">
        if (!account.hasSource(made.sourceId)) return Wire.notFound("Source", made.sourceId)
        const model: Model = { ...made, id: mint.short("model"), createdAt: now }
        account.models.set(model.id, model)
        return answer(model, 201)
      },
    }),
    get: (model) => ({
      operation: "parts",
      handle: ({ view }) => {
        const found = account.models.get(model)
        return found === undefined || found.createdAt > view ? missing(model) : answer(found)
      },
    }),
    update: (model, incoming) =>
      change(model, (found, { now }) => {
        const body = parseObject(incoming.body)
        const problem = Checks.refusal(settings(), incoming, body, updateRules, Media.alpha)
        if (problem !== undefined) return problem
        const { name, description, enabled, query, queryIdentifierColumn } = { ...found, ...body }
        Object.assign(found, { name, description, enabled, query, queryIdentifierColumn })
        if (body?.["enabled"] !== undefined) for (const sync of account.syncsOf(model)) account.retime(sync, now)
        return answer(found)
      }),
    remove: (model) =>
      change(model, (_, { now }) => {
        const set = settings()
        const syncs = account.syncsOf(model)
        if (syncs.length > 0 && set.modelWithSubscriptions === "refused") {
          return Wire.conflict("The model has subscriptions.")
        }
        account.models.delete(model)
        for (const sync of syncs) {
          if (set.modelWithSubscriptions === "cascade") world.remove(keyOf(model, sync.ids["subscription"]))
          else account.retime(sync, now)
        }
        return Media.answer(set, Media.alpha, { status: "SUCCESS" })
      }),
  }
}

const shown = ({ id, sourceId, name, description, enabled, query, queryIdentifierColumn }: Model) => ({
  id,
  sourceId,
  name,
  description,
  enabled,
  query,
  queryIdentifierColumn,
})
