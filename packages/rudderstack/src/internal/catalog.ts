/** The catalog of a workspace: its connections, as a list in pages and one by one, with what their sources add. */
import type { CatalogPart, Page, Requests } from "@openretl/core/driver/Catalog"
import * as Reason from "@openretl/core/Reason"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ListConnectionsQuery } from "../RudderStackApi.ts"
import type { RudderStackClient } from "../RudderStackClient.ts"
import type { Connection } from "../RudderStackConnectionsApi.ts"
import { isClosed } from "./closed.ts"
import type { Ids } from "./ids.ts"
import * as Paging from "./paging.ts"
import * as SourceReads from "./sourceReads.ts"
import { snapshot } from "./syncFromWire.ts"

/**
 * Creates the function that reads a page of connections. Fails with `Unsupported` where
 * the list is closed to the account.
 */
export const pages = (
  client: RudderStackClient,
  query: Pick<ListConnectionsQuery, "sourceId" | "destinationId"> = {},
): Page<Connection> =>
  Effect.fnUntraced(function* (cursor, size) {
    const request = Paging.requestOf(cursor, Paging.sizeOf(size))
    const read = client.listConnections({ ...query, page: request.page, pageSize: request.size })
    const { data, paging } = yield* orUnsupported(client, Paging.orNoPage(request, read, { data: [] }))
    return Paging.toPage({ items: data, paging }, request)
  })

const orUnsupported = <A>(client: RudderStackClient, read: Effect.Effect<A, RetlError>): Effect.Effect<A, RetlError> =>
  Effect.catchIf(read, isClosed, ({ operation, evidence }) =>
    Effect.fail(client.http.error(operation, new Reason.Unsupported({ capability }), "refused", evidence)),
  )

const capability =
  "the list of connections, which is closed to this account or token: have it enabled, or name the connections in the option `connections`"

/** Reads one connection. A 404 may also mean that the route is closed: then the list is closed as well. */
const readOne = (client: RudderStackClient, requests: Requests, id: string): Effect.Effect<Connection, RetlError> =>
  requests
    .read("syncs", client.getConnection(id))
    .pipe(
      Effect.catchIf(isClosed, (error) =>
        requests
          .read("syncs", orUnsupported(client, client.listConnections({ page: 1, pageSize: 1 })))
          .pipe(Effect.andThen(Effect.fail(error))),
      ),
    )

/** Returns the function that reads a connection without its source. */
export const readAlone =
  (client: RudderStackClient): CatalogPart<Ids, Connection>["get"] =>
  (requests, { connection }) =>
    Effect.map(readOne(client, requests, connection), (read) => snapshot(read, undefined))

/** Creates the catalog. `connections` are the ids that it reads where RudderStack closes the list to the account. */
export const make = (
  client: RudderStackClient,
  connections: ReadonlyArray<string> = [],
): CatalogPart<Ids, Connection> => {
  /**
   * Reads the connections that the options name, without those that do not exist. Fails with `closed` where none is
   * left.
   */
  const named = (requests: Requests, closed: RetlError): Stream.Stream<Connection, RetlError> => {
    let hasConnection = false
    const read = (id: string) =>
      requests.read("syncs", client.getConnection(id)).pipe(
        Effect.map((connection): ReadonlyArray<Connection> => {
          hasConnection = true
          return [connection]
        }),
        Effect.catchIf(
          ({ reason }) => reason._tag === "NotFound",
          () => Effect.succeed<ReadonlyArray<Connection>>([]),
        ),
        Effect.mapError((error) => (isClosed(error) ? closed : error)),
      )
    return Stream.fromIterable(new Set(connections)).pipe(
      Stream.mapEffect(read),
      Stream.flattenIterable,
      Stream.concat(Stream.suspend(() => (hasConnection ? Stream.empty : Stream.fail(closed)))),
    )
  }

  return {
    list: (requests) => {
      const sourceOf = SourceReads.shared(client, requests)
      return requests.pages("syncs", pages(client)).pipe(
        Stream.catchIf(
          ({ reason }) => reason._tag === "Unsupported",
          (closed) => named(requests, closed),
        ),
        Stream.mapEffect((connection) =>
          Effect.map(sourceOf(connection.sourceId), (source) => snapshot(connection, source)),
        ),
      )
    },
    get: Effect.fnUntraced(function* (requests, { connection: id }) {
      const connection = yield* readOne(client, requests, id)
      return snapshot(connection, yield* SourceReads.read(client, requests, connection.sourceId))
    }),
  }
}
