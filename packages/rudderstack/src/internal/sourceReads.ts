/** What is known of the sources of connections: their names, kinds and primary keys. Never in the way of a connection. */
import type { Requests } from "@openretl/core/Catalog"
import * as Effect from "effect/Effect"
import type { RudderStackClient } from "../RudderStackClient.ts"
import type * as SourcesApi from "../RudderStackSourcesApi.ts"

type Source = SourcesApi.Source | undefined

/** One source; none where it is not there, closed to the account, or cannot be read. */
export const one = (client: RudderStackClient, requests: Requests, id: string | undefined): Effect.Effect<Source> =>
  id === undefined || id === ""
    ? Effect.succeed(undefined)
    : requests.read("syncs", client.getSource(id)).pipe(Effect.catch(() => Effect.succeed<Source>(undefined)))

/** Sources for one walk through the connections: listed once, and read one by one where the list does not tell. */
export const shared = (
  client: RudderStackClient,
  requests: Requests,
): ((id: string | undefined) => Effect.Effect<Source>) => {
  let known: Map<string, Source> | undefined
  let isRefused = false
  const list = Effect.map(
    requests.read("syncs", client.listSources()).pipe(
      Effect.map(({ data }) => data ?? []),
      Effect.catch(({ reason }) => {
        isRefused = reason._tag !== "UnexpectedResponse"
        return Effect.succeed<ReadonlyArray<SourcesApi.Source>>([])
      }),
    ),
    // Only those that tell all that is needed: others are read one by one.
    (sources) =>
      new Map<string, Source>(sources.filter(({ config }) => config !== undefined).map((one) => [one.id, one])),
  )
  return Effect.fnUntraced(function* (id) {
    known ??= yield* list
    if (id === undefined || isRefused) return undefined
    if (!known.has(id)) known.set(id, yield* one(client, requests, id))
    return known.get(id)
  })
}
