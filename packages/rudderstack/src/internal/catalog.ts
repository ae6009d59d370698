/** The connections of a workspace as its catalog: a list in pages, one by one, and what is known of their sources. */
import type { Reads, Requests, Snapshot } from "@openretl/core/Catalog"
import type * as Pages from "@openretl/core/driver/Pages"
import * as Reason from "@openretl/core/Reason"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type * as RudderStackApi from "../RudderStackApi.ts"
import type { RudderStackClient } from "../RudderStackClient.ts"
import type * as ConnectionsApi from "../RudderStackConnectionsApi.ts"
import { isClosed } from "./closed.ts"
import * as Paging from "./paging.ts"
import * as SourceReads from "./sourceReads.ts"
import { snapshot } from "./syncFromWire.ts"

/** Pages of connections; the cursor is a page's number. A list that is closed to the account is `Unsupported`. */
export const pages = (
  client: RudderStackClient,
  query: Pick<RudderStackApi.ListConnectionsQuery, "sourceId" | "destinationId"> = {},
): ((cursor: string | undefined) => Effect.Effect<Page, RetlError>) =>
  Effect.fnUntraced(function* (cursor) {
    const asked = { page: cursor === undefined ? 1 : Number(cursor), size: Paging.maxPageSize }
    const read = client.listConnections({ ...query, page: asked.page, pageSize: asked.size })
    const { data, paging } = yield* orUnsupported(client, read)
    const items = data ?? []
    return Paging.hasNext(paging, items.length, asked) ? { items, next: String(asked.page + 1) } : { items }
  })

type Page = Pages.Page<ConnectionsApi.Connection>

const orUnsupported = <A>(client: RudderStackClient, read: Effect.Effect<A, RetlError>): Effect.Effect<A, RetlError> =>
  Effect.catchIf(read, isClosed, ({ operation, evidence }) =>
    Effect.fail(client.http.error(operation, new Reason.Unsupported({ capability }), "refused", evidence)),
  )

const capability =
  "the list of connections, which is closed to this account or token: have it enabled, or name the connections in the option `connections`"

export const make = (client: RudderStackClient, connections: ReadonlyArray<string> = []): Reads => {
  /**
   * Those that are named in the options, but for what is not there. Where none of them can be read, the closed list stays
   * the reason.
   */
  const named = (requests: Requests, closed: RetlError): Stream.Stream<ConnectionsApi.Connection, RetlError> => {
    let count = 0
    const read = (id: string) =>
      requests.read("syncs", client.getConnection(id)).pipe(
        Effect.map((found): ReadonlyArray<ConnectionsApi.Connection> => {
          count += 1
          return [found]
        }),
        Effect.catchIf(
          ({ reason }) => reason._tag === "NotFound",
          () => Effect.succeed<ReadonlyArray<ConnectionsApi.Connection>>([]),
        ),
        Effect.mapError((error) => (isClosed(error) ? closed : error)),
      )
    return Stream.fromIterable(new Set(connections)).pipe(
      Stream.mapEffect(read),
      Stream.flattenIterable,
      Stream.concat(Stream.suspend(() => (count === 0 ? Stream.fail(closed) : Stream.empty))),
    )
  }

  /** Of one connection a 404 may also mean that the route is closed: the list tells. */
  const readOne = (requests: Requests, id: string): Effect.Effect<ConnectionsApi.Connection, RetlError> =>
    requests
      .read("syncs", client.getConnection(id))
      .pipe(
        Effect.catchIf(isClosed, (error) =>
          requests
            .read("syncs", orUnsupported(client, client.listConnections({ page: 1, pageSize: 1 })))
            .pipe(Effect.andThen(Effect.fail(error))),
        ),
      )

  return {
    list: (requests) => {
      const sourceOf = SourceReads.shared(client, requests)
      return requests.pages("syncs", pages(client)).pipe(
        Stream.catchIf(
          ({ reason }) => reason._tag === "Unsupported",
          (closed) => named(requests, closed),
        ),
        Stream.mapEffect((connection) =>
          Effect.map(sourceOf(connection.sourceId), (source): Snapshot => snapshot(connection, source)),
        ),
      )
    },
    get: Effect.fnUntraced(function* (requests, { connection = "" }) {
      const found = yield* readOne(requests, connection)
      return snapshot(found, yield* SourceReads.one(client, requests, found.sourceId))
    }),
  }
}
