import { Effect } from "effect"
import * as NodeTransport from "../../../cli/src/internal/transport/nodeTransport.ts"
import { allOverSockets } from "./adapters.ts"
import { isChosenOfAlike } from "./short.ts"

allOverSockets({ name: "node", make: Effect.sync(NodeTransport.make) }, isChosenOfAlike)
