/** Webhooks: they are stored and listed. `Emulator.hints` stands for the events. */
import * as Json from "@openretl/core/driver/Json"
import { type IncomingRequest, parseObject } from "../../kit/IncomingRequest.ts"
import { json } from "../../kit/Reply.ts"
import type { Route } from "../../kit/Route.ts"
import { type Account, listReply, pageRequest } from "./account.ts"
import * as Wire from "./wire.ts"

export const list = (account: Account, request: IncomingRequest): Route => ({
  operation: "parts",
  handle: () => {
    const page = pageRequest(account, request.query)
    if ("status" in page) return page
    const { offset, limit } = page
    const texts = account.webhooks.slice(offset, offset + limit).map((webhook) => Json.stringify(webhook) ?? "")
    return listReply(account, request, page, { texts, total: account.webhooks.length })
  },
})

export const create = (account: Account, request: IncomingRequest): Route => ({
  operation: "changePart",
  handle: () => {
    const { fail, mint, webhooks, currentSwitches, groupId } = account
    const { group_id, name, endpoint, events, description = null } = parseObject(request.body) ?? {}
    if (group_id !== groupId) return fail(404, "group not found")
    if (typeof name !== "string" || typeof endpoint !== "string" || !endpoint.startsWith("https://")) {
      return fail(400, "name and endpoint are required")
    }
    const webhook = {
      ...{ id: Wire.idOf(currentSwitches(), mint.digits("webhook")), group_id, name, description, endpoint },
      events: Array.isArray(events) ? events : [],
    }
    webhooks.push(webhook)
    return json(201, { status: "created", data: webhook })
  },
})
