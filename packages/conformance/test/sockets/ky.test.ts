import * as KyTransport from "@openretl/core/KyTransport"
import { Effect } from "effect"
import { allOverSockets } from "./adapters.ts"

allOverSockets({ name: "ky", make: Effect.sync(KyTransport.make) })
