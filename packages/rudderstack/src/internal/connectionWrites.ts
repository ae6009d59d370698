/**
 * The update of a connection, for both schemas of its request: the bounds of a new schedule do not apply to one that
 * stays.
 */
import type { VendorClient } from "@openretl/core/driver/VendorClient"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { Connection } from "../RudderStackConnectionsApi.ts"
import { path } from "./connectionReads.ts"

/** Creates the function that updates a connection with a request of this schema. */
export const updateConnection = <A>(http: VendorClient, schema: Schema.ConstraintDecoder<A>) =>
  Effect.fnUntraced(function* (connection: string, request: A) {
    const operation = "updateConnection"
    return yield* http.call({
      operation,
      method: "PUT",
      path: [...path, { connection }],
      body: yield* http.validate(operation, schema, request),
      answer: Connection,
    })
  })
