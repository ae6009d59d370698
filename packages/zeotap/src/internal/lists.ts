/** Lists of a workspace: a page in either of its forms, and all pages as a stream. */
import * as Pages from "@openretl/core/driver/Pages"
import type * as Reader from "@openretl/core/driver/Reader"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import * as Api from "../ZeotapApi.ts"
import * as Cursor from "./cursor.ts"
import * as Paging from "./paging.ts"
import * as ToWire from "./toWire.ts"
import { unexpected } from "./unexpected.ts"

export interface StreamOptions extends Pages.Options {
  /** How many entries one request asks for, 1 to 100. @default 100 */
  readonly page_size?: number
}

/** One page. An envelope of another page than the one asked for is refused. */
export const read = Effect.fnUntraced(function* <A>(
  http: VendorClient.VendorClient,
  operation: string,
  path: ReadonlyArray<string>,
  asked: Api.ListQuery,
  answer: Reader.Reader<Api.List<A>>,
) {
  const query = yield* http.checked(operation, Api.listQuery, asked)
  const { value, date } = yield* http.dated({ operation, method: "GET", path, query, answer })
  const { data, pagination } = isEnvelope(value) ? value : { data: value }
  if (pagination?.page !== undefined && pagination.page !== (query.page ?? 1)) {
    const message = "Expected the page that was asked for, found another"
    return yield* unexpected(http, operation, ["pagination", "page"], message)
  }
  const listed: Api.Listed<A> = {
    data: data ?? [],
    ...(pagination !== undefined && { pagination }),
    ...(date !== undefined && { date }),
  }
  return listed
})

type Read<A> = (query: Api.ListQuery) => Effect.Effect<Api.Listed<A>, RetlError>

/** The page at a cursor, and where the next one is. */
export const page = <A extends { readonly id: string }>(
  list: Read<A>,
  cursor: string | undefined,
  page_size: number = ToWire.maxPageSize,
): Effect.Effect<Pages.Page<A>, RetlError> => {
  const asked = { ...Cursor.parse(cursor), page_size }
  return Effect.map(list(ToWire.listQuery(asked)), (listed) => Paging.page(listed, asked))
}

/** All of it, page after page. */
export const stream = <A extends { readonly id: string }>(
  http: VendorClient.VendorClient,
  operation: string,
  list: Read<A>,
  { page_size, ...options }: StreamOptions = {},
): Stream.Stream<A, RetlError> =>
  Pages.stream(operation, (cursor) => page(list, cursor, page_size), http.error, options)

const isEnvelope = <A>(list: Api.List<A>): list is Api.Envelope<A> => list !== null && "data" in list
