/**
 * The two reads of connections, for both clients that have them: running needs fewer fields than the complete client.
 */
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import * as RudderStackApi from "../RudderStackApi.ts"

/** The path of the connections' routes. */
export const path = ["v2", "retl-connections"]

/** Creates the function that reads one connection. */
export const getConnection =
  <A>(http: VendorClient, answer: Schema.ConstraintDecoder<A>) =>
  (connection: string) =>
    http.call({ operation: "getConnection", method: "GET", path: [...path, { connection }], answer })

/** Creates the function that reads one page of connections. */
export const listConnections = <A>(http: VendorClient, answer: Schema.ConstraintDecoder<A>) =>
  Effect.fnUntraced(function* (query: RudderStackApi.ListConnectionsQuery = {}) {
    const operation = "listConnections"
    return yield* http.call({
      operation,
      method: "GET",
      path,
      query: yield* http.validate(operation, RudderStackApi.ListConnectionsQuery, query),
      answer,
    })
  })
