/** A request as it arrived at an emulator. */
import * as Schema from "effect/Schema"
import { Operation } from "./Operation.ts"

/** One request as it arrived. It never contains the token. */
export const Call = Schema.Struct({
  /** Counts up from 0 over the emulator's life; `clearCalls` does not reset it. */
  index: Schema.Number,
  /** When the request arrived. */
  at: Schema.Number,
  operation: Operation,
  /** The HTTP method, as in `GET`. */
  method: Schema.String,
  /** The path as sent, still encoded; the whole URL of a request to another origin. */
  path: Schema.String,
  query: Schema.Record(Schema.String, Schema.String),
  /** The headers as sent, without those that identify the client: `authorization`, `cookie` and all that are `Redacted`. */
  headers: Schema.Record(Schema.String, Schema.String),
  /** The body as sent; absent where the request has none. */
  body: Schema.optionalKey(Schema.String),
  /**
   * The status of the answer. `lost`: the connection broke before an answer. `refused`: the request never reached the
   * vendor. `pending`: the answer has not left yet, or the client stopped waiting for it.
   */
  status: Schema.Union([Schema.Number, Schema.Literals(["lost", "refused", "pending"])]),
  /** The id of the run that this request started; absent where it started none. */
  createdRun: Schema.optionalKey(Schema.String),
})
export interface Call extends Schema.Schema.Type<typeof Call> {}
