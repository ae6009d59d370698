/** How the answer to a read settles facts about a vendor. */
import type { Answer } from "./answer.ts"

/**
 * By the id of a fact, what one successful answer shows of it: `true` where it holds, `false` where it does not, `undefined` where
 * the answer shows neither.
 */
export type Settling = Readonly<Record<string, (answer: Answer) => boolean | undefined>>
