/** The schema of a `TransportError`. */
import * as Schema from "effect/Schema"
import { ofTagged } from "../internal/ofClass.ts"
import * as Plain from "../TransportError.ts"

const transportError = ofTagged("TransportError", Plain.TransportError, {
  code: Schema.String,
  delivery: Schema.Literals(["not-sent", "unknown"]),
})

export type TransportError = Plain.TransportError
export interface TransportErrorEncoded extends Schema.Codec.Encoded<typeof transportError> {}
export const TransportError: Schema.Codec<TransportError, TransportErrorEncoded> = transportError
