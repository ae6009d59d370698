/** How long accepted changes of configuration take. */
import { Delay } from "./internal/json/delay.ts"

/** How long an accepted change takes: always as long, or drawn between two bounds for each change. */
export const ChangeTakes = Delay
export type ChangeTakes = Delay
