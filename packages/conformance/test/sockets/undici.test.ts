import * as UndiciTransport from "../../../undici/src/UndiciTransport.ts"
import { allOverSockets } from "./adapters.ts"

allOverSockets({ name: "undici", make: UndiciTransport.make({ closeWithin: 0 }) })
