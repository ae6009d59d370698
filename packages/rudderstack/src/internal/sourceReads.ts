/** Reads of the sources of connections, for their names, kinds and primary keys. A failed read hides no connection. */
import type { Requests } from "@openretl/core/driver/Catalog"
import * as Effect from "effect/Effect"
import type { RudderStackClient } from "../RudderStackClient.ts"
import type * as SourcesApi from "../RudderStackSourcesApi.ts"

type Source = SourcesApi.Source | undefined

/** Reads one source; `undefined` where it does not exist, is closed to the account, or cannot be read. */
export const read = (client: RudderStackClient, requests: Requests, id: string | undefined): Effect.Effect<Source> =>
  id === undefined || id === ""
    ? Effect.succeed(undefined)
    : requests.read("syncs", client.getSource(id)).pipe(Effect.catch(() => Effect.succeed<Source>(undefined)))

/**
 * Creates the reads of sources for one walk through the connections: it lists the sources once, and reads those one by
 * one that the list does not show in full. Where the list is refused, it reads none.
 */
export const shared = (
  client: RudderStackClient,
  requests: Requests,
): ((id: string | undefined) => Effect.Effect<Source>) => {
  let sources: Map<string, Source> | undefined
  let isRefused = false
  const list = requests.read("syncs", client.listSources()).pipe(
    Effect.map(({ data }) => data ?? []),
    Effect.catch(({ reason }) => {
      isRefused = reason._tag !== "UnexpectedResponse"
      return Effect.succeed<ReadonlyArray<SourcesApi.Source>>([])
    }),
    Effect.map(
      (listed) =>
        new Map<string, Source>(
          listed.filter(({ config }) => config !== undefined).map((source) => [source.id, source]),
        ),
    ),
  )
  return Effect.fnUntraced(function* (id) {
    sources ??= yield* list
    if (id === undefined || isRefused) return undefined
    if (!sources.has(id)) sources.set(id, yield* read(client, requests, id))
    return sources.get(id)
  })
}
