/** The two reads of connections, once for both that need them: running reads less of one than the complete client. */
import type { Reader } from "@openretl/core/driver/Reader"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import * as Effect from "effect/Effect"
import * as RudderStackApi from "../RudderStackApi.ts"

export const path = ["v2", "retl-connections"]

export const getConnection =
  <A>(http: VendorClient, answer: Reader<A>) =>
  (connection: string) =>
    http.call({ operation: "getConnection", method: "GET", path: [...path, connection], answer })

export const listConnections = <A>(http: VendorClient, answer: Reader<A>) =>
  Effect.fnUntraced(function* (query: RudderStackApi.ListConnectionsQuery = {}) {
    return yield* http.call({
      operation: "listConnections",
      method: "GET",
      path,
      query: yield* http.checked("listConnections", RudderStackApi.listConnectionsQuery, query),
      answer,
    })
  })
