/** The transport of the commands that send something. It is loaded here: the published bundle has no default, so that help starts without. */
import { Transport } from "@openretl/core/Transport"
import * as Effect from "effect/Effect"

/** Loads the transport for a command. */
export const withTransport = Effect.provideServiceEffect(
  Transport,
  Effect.map(
    Effect.promise(() => import("@openretl/core/KyTransport")),
    (KyTransport) => KyTransport.make(),
  ),
)
