/** How far reads lag behind writes. */
import { Delay } from "./internal/json/delay.ts"

/** How far reads lag behind writes: always as far, or drawn between two bounds for each read. */
export const ReadLag = Delay
export type ReadLag = Delay
