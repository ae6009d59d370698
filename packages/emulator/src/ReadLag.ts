/** How far reads lag behind the truth. */
import { Delay } from "./internal/json/delay.ts"

/**
 * How far reads of runs and of configured syncs lag behind the truth: always as far, or drawn between two bounds for each
 * read. What the vendor does follows the truth at once: which triggers it accepts, when schedules fire, which runs start.
 */
export const ReadLag = Delay
export type ReadLag = Delay
