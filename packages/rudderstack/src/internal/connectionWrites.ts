/** The change of a connection, once for both that need it: a schedule that is merely kept is not held to our bounds. */
import type { Reader } from "@openretl/core/driver/Reader"
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import * as Effect from "effect/Effect"
import * as ConnectionsApi from "../RudderStackConnectionsApi.ts"
import { path } from "./connectionReads.ts"

export const updateConnection = <A>(http: VendorClient, request: Reader<A>) =>
  Effect.fnUntraced(function* (connection: string, asked: A) {
    const operation = "updateConnection"
    return yield* http.call({
      operation,
      method: "PUT",
      path: [...path, connection],
      body: yield* http.checked(operation, request, asked),
      answer: ConnectionsApi.connection,
    })
  })
