/** The two reads of connections, once for both that need them: running reads less of one than the complete client. */
import type { VendorClient } from "@openretl/core/VendorClient"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import * as RudderStackApi from "../RudderStackApi.ts"

export const path = ["v2", "retl-connections"]

export const getConnection =
  <A>(http: VendorClient, answer: Schema.Decoder<A>) =>
  (connection: string) =>
    http.call({ operation: "getConnection", method: "GET", path: [...path, connection], answer })

export const listConnections = <A>(http: VendorClient, answer: Schema.Decoder<A>) =>
  Effect.fnUntraced(function* (query: RudderStackApi.ListConnectionsQuery = {}) {
    return yield* http.call({
      operation: "listConnections",
      method: "GET",
      path,
      query: yield* http.checked("listConnections", RudderStackApi.ListConnectionsQuery, query),
      answer,
    })
  })
