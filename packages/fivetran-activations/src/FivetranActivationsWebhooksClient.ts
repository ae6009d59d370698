/** Webhooks of a Fivetran group. `FivetranActivationsWebhooksApi` reads the events. */
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Api from "./FivetranActivationsApi.ts"
import * as WebhooksApi from "./FivetranActivationsWebhooksApi.ts"
import { webhooks } from "./internal/connect.ts"

/** The endpoints of webhooks. */
export interface FivetranActivationsWebhooksClient {
  /** Reads a page of webhooks: `GET /api/v2/webhooks`. Documented: V2 reference, webhooks. */
  readonly listWebhooks: (query?: Api.ListSyncsQuery) => Effect.Effect<Api.Listed<WebhooksApi.Webhook>, RetlError>
  /** Creates a webhook: `POST /api/v2/webhooks`. The app shows its secret once. Documented: V2 reference, create a webhook. */
  readonly createWebhook: (request: WebhooksApi.CreateWebhookRequest) => Effect.Effect<WebhooksApi.Webhook, RetlError>
}

/** Creates the functions over a connection. */
export const make = (http: VendorClient.VendorClient): FivetranActivationsWebhooksClient => ({
  listWebhooks: Effect.fnUntraced(function* (request = {}) {
    const operation = "listWebhooks"
    const query = yield* http.validate(operation, Api.ListSyncsQuery, request)
    const answer = WebhooksApi.ListWebhooksResponse
    return yield* http.call({ operation, method: "GET", path: webhooks, query: { ...query }, answer })
  }),
  createWebhook: Effect.fnUntraced(function* (request) {
    const operation = "createWebhook"
    const body = yield* http.validate(operation, WebhooksApi.CreateWebhookRequest, request)
    const answer = WebhooksApi.CreateWebhookResponse
    const { data } = yield* http.call({ operation, method: "POST", path: webhooks, body, answer })
    return data
  }),
})
