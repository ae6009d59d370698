/** The schema of a `TransportError`. */
import * as Schema from "effect/Schema"
import * as Plain from "../../http/TransportError.ts"
import { ofTagged } from "../ofClass.ts"

const transportError = ofTagged("TransportError", Plain.TransportError, {
  code: Schema.String,
  delivery: Schema.Literals(["not-sent", "unknown"]),
})

export type TransportError = Plain.TransportError
export interface TransportErrorEncoded extends Schema.Codec.Encoded<typeof transportError> {}
export const TransportError: Schema.Codec<TransportError, TransportErrorEncoded> = transportError
