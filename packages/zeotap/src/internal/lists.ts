/** Lists of a workspace: one page in either of its forms, and all pages as a stream. */
import * as Pages from "@openretl/core/driver/Pages"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import { UnexpectedResponse } from "@openretl/core/Reason"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import * as ZeotapApi from "../ZeotapApi.ts"
import * as Paging from "./paging.ts"
import * as ToWire from "./toWire.ts"

/** How a list is streamed. */
export interface StreamOptions extends Pages.Options {
  /** How many entries one request wants, from 1 to 100. @default 100 */
  readonly page_size?: number
}

/** Reads one page. Fails with `UnexpectedResponse` for an envelope of another page than the requested one. */
export const read = Effect.fnUntraced(function* <A>(
  http: VendorClient.VendorClient,
  operation: string,
  path: ReadonlyArray<VendorClient.Segment>,
  request: ZeotapApi.ListQuery,
  answer: Schema.ConstraintDecoder<ZeotapApi.Envelope<A>>,
): Effect.fn.Return<ZeotapApi.Listed<A>, RetlError> {
  const query = yield* http.validate(operation, ZeotapApi.ListQuery, request)
  const { value, date } = yield* http.callDated({ operation, method: "GET", path, query, answer })
  const { data, pagination } = value
  if (pagination?.page !== undefined && pagination.page !== (query.page ?? 1)) {
    const issues = [{ path: ["pagination", "page"], message: "Expected the requested page, found another" }]
    return yield* http.error(operation, new UnexpectedResponse({ issues }), "unknown", { status: 200 })
  }
  return {
    data: data ?? [],
    ...(pagination !== undefined && { pagination }),
    ...(date !== undefined && { date }),
  }
})

type ReadPage<A> = (query: ZeotapApi.ListQuery) => Effect.Effect<ZeotapApi.Listed<A>, RetlError>

/** Reads the page at a cursor, and returns where the next one starts. */
export const page = <A extends { readonly id: string }>(
  readPage: ReadPage<A>,
  cursor: string | undefined,
  size: number,
): Effect.Effect<Pages.Page<A>, RetlError> => {
  const request = Paging.requestOf(cursor, size)
  return Effect.map(readPage(ToWire.listQuery(request)), (listed) => Paging.page(listed, request))
}

/** Returns all entries, page after page. A page is read when it is pulled. */
export const stream = <A extends { readonly id: string }>(
  http: VendorClient.VendorClient,
  operation: string,
  readPage: ReadPage<A>,
  { page_size = Paging.maxPageSize, ...options }: StreamOptions = {},
): Stream.Stream<A, RetlError> =>
  Pages.stream(
    operation,
    Pages.shrinking(page_size, (cursor, size) => page(readPage, cursor, size)),
    http.error,
    options,
    ({ id }) => id,
  )
