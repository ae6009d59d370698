/** Models: list, read, create, update and delete. */

import { type IncomingRequest, parseObject } from "../../kit/IncomingRequest.ts"
import type { Reply } from "../../kit/Reply.ts"
import type { RequestContext, Route } from "../../kit/Route.ts"
import type { Account, Model } from "./account.ts"
import { bodyRefusal, boolean, id, optional, required, text, textUpTo } from "./body.ts"
import * as Media from "./media.ts"
import * as Pages from "./pages.ts"
import * as Wire from "./wire.ts"

const createRules = {
  sourceId: required(id),
  name: required(text),
  description: required(text),
  enabled: required(boolean),
  query: required(textUpTo(65_535)),
  queryIdentifierColumn: required(textUpTo(191)),
}

const updateRules = {
  name: optional(text),
  description: optional(text),
  enabled: optional(boolean),
  query: optional(textUpTo(65_535)),
  queryIdentifierColumn: optional(textUpTo(191)),
}

/** The routes of models. */
export interface Models {
  readonly list: (request: IncomingRequest) => Route
  readonly create: (request: IncomingRequest) => Route
  readonly get: (modelId: string) => Route
  readonly update: (modelId: string, request: IncomingRequest) => Route
  readonly remove: (modelId: string) => Route
}

export const makeModels = (account: Account): Models => {
  const { world, mint, currentSwitches } = account
  const modelNotFound = (modelId: string): Reply => Wire.notFound("Reverse ETL Model", modelId)
  const modelReply = (model: Model, status?: number): Reply =>
    Media.dataReply(currentSwitches(), Media.alpha, { reverseEtlModel: bodyOf(model) }, status)
  /** A route that changes one model, after its syncs were advanced to the present. */
  const changeRoute = (modelId: string, change: (model: Model, context: RequestContext) => Reply): Route => ({
    operation: "changePart",
    handle: (context) => {
      const model = account.models.get(modelId)
      if (model === undefined) return modelNotFound(modelId)
      for (const sync of account.syncsOf(modelId)) world.advance(sync, context.now)
      return change(model, context)
    },
  })

  return {
    list: (request) => ({
      operation: "parts",
      handle: ({ asOf }) =>
        Pages.listReply(
          currentSwitches(),
          request,
          Media.alpha,
          account.models.values(),
          asOf,
          (models, page, total) => ({
            models: models.map(bodyOf),
            pagination: Pages.pagination(currentSwitches(), page, total),
          }),
        ),
    }),
    create: (request) => ({
      operation: "changePart",
      handle: ({ now }) => {
        const body = parseObject(request.body)
        const refusal = bodyRefusal(currentSwitches(), request, body, createRules, Media.alpha)
        if (refusal !== undefined) return refusal
        const fields = body as Omit<Model, "id" | "createdAt">
        if (!account.hasSource(fields.sourceId)) return Wire.notFound("Source", fields.sourceId)
        const model: Model = { ...fields, id: mint.short("model"), createdAt: now }
        account.models.set(model.id, model)
        return modelReply(model, 201)
      },
    }),
    get: (modelId) => ({
      operation: "parts",
      handle: ({ asOf }) => {
        const model = account.models.get(modelId)
        return model === undefined || model.createdAt > asOf ? modelNotFound(modelId) : modelReply(model)
      },
    }),
    update: (modelId, request) =>
      changeRoute(modelId, (model, { now }) => {
        const body = parseObject(request.body)
        const refusal = bodyRefusal(currentSwitches(), request, body, updateRules, Media.alpha)
        if (refusal !== undefined) return refusal
        const { name, description, enabled, query, queryIdentifierColumn } = { ...model, ...body }
        Object.assign(model, { name, description, enabled, query, queryIdentifierColumn })
        if (body?.["enabled"] !== undefined) {
          for (const sync of account.syncsOf(modelId)) account.restartSchedule(sync, now)
        }
        return modelReply(model)
      }),
    remove: (modelId) =>
      changeRoute(modelId, (_, { now }) => {
        const switches = currentSwitches()
        const syncs = account.syncsOf(modelId)
        if (syncs.length > 0 && switches.modelWithSubscriptions === "refused") {
          return Wire.conflict("The model has subscriptions.")
        }
        account.models.delete(modelId)
        for (const sync of syncs) {
          if (switches.modelWithSubscriptions === "cascade") account.removeSubscription(sync, now)
          else account.restartSchedule(sync, now)
        }
        return Media.dataReply(switches, Media.alpha, { status: "SUCCESS" })
      }),
  }
}

const bodyOf = ({ id, sourceId, name, description, enabled, query, queryIdentifierColumn }: Model) => ({
  id,
  sourceId,
  name,
  description,
  enabled,
  query,
  queryIdentifierColumn,
})
