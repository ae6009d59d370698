/** The sizes of pages of one workspace: its option, the caller's, and what was too large before. */
import type * as Effect from "effect/Effect"
import * as BoundedMap from "../driver/BoundedMap.ts"
import * as Pages from "../http/Pages.ts"
import type { RetlError } from "../model/RetlError.ts"

/** The sizes of the pages of lists, by the lists' keys. */
export interface PageSizes {
  /**
   * Reads a page with the smallest of the wanted size, the workspace's, and the size below one that was too large for this
   * list; where it is too large, with smaller ones. `maxSize` leaves out the wanted size. `undefined` is the vendor's most.
   */
  readonly within: <A>(
    list: string,
    wanted: number | undefined,
    read: (size: number | undefined, maxSize: number | undefined) => Effect.Effect<A, RetlError>,
  ) => Effect.Effect<A, RetlError>
}

/** So many lists are remembered whose pages were too large, the latest. */
const maxLists = 1_000

/** Creates the sizes of a workspace, whose option is `pageSize`. */
export const make = (pageSize = Number.POSITIVE_INFINITY): PageSizes => {
  const smaller = BoundedMap.make<number>(maxLists)
  return {
    within: (list, wanted = Number.POSITIVE_INFINITY, read) => {
      const most = () => Math.min(pageSize, smaller.get(list) ?? Number.POSITIVE_INFINITY)
      return Pages.withSmallerSizes(
        finite(Math.min(wanted, most())),
        (size) => read(size, finite(most())),
        (size) => smaller.set(list, size),
      )
    },
  }
}

const finite = (size: number): number | undefined => (Number.isFinite(size) ? size : undefined)
