/** The sizes of pages of one workspace: its option, the caller's, and what was too large before. */
import type * as Effect from "effect/Effect"
import * as BoundedMap from "../driver/BoundedMap.ts"
import * as Pages from "../http/Pages.ts"
import type { RetlError } from "../model/RetlError.ts"

/** The sizes of the pages of lists, by the lists' keys. */
export interface PageSizes {
  /**
   * Reads a page with the smallest of the wanted size, the workspace's, and the size below one that was too large for this
   * list; where it is too large, with smaller ones. `undefined` is the vendor's most.
   */
  readonly within: <A>(
    list: string,
    wanted: number | undefined,
    read: (size: number | undefined) => Effect.Effect<A, RetlError>,
  ) => Effect.Effect<A, RetlError>
}

/** So many lists are remembered whose pages were too large, the latest. */
const maxLists = 1_000

/** Creates the sizes of a workspace, whose option is `pageSize`. */
export const make = (pageSize = Number.POSITIVE_INFINITY): PageSizes => {
  const smaller = BoundedMap.make<number>(maxLists)
  return {
    within: (list, wanted = Number.POSITIVE_INFINITY, read) => {
      const size = Math.min(wanted, pageSize, smaller.get(list) ?? Number.POSITIVE_INFINITY)
      return Pages.withSmallerSizes(size === Number.POSITIVE_INFINITY ? undefined : size, read, (size) =>
        smaller.set(list, size),
      )
    },
  }
}
