/** What is known of the sources of connections: their names, kinds and primary keys. Never in the way of a connection. */
import type { Requests } from "@openretl/core/Catalogue"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type { RudderStackClient } from "../RudderStackClient.ts"
import type * as SourcesApi from "../RudderStackSourcesApi.ts"
import { isClosed } from "./closed.ts"

type Source = SourcesApi.Source | undefined

const isUntold = (error: RetlError): boolean => isClosed(error) || error.reason._tag === "UnexpectedResponse"

/** One source; none where it is not there, closed to the account, or not readable. */
export const one = (
  client: RudderStackClient,
  requests: Requests,
  id: string | undefined,
): Effect.Effect<Source, RetlError> =>
  id === undefined || id === ""
    ? Effect.succeed(undefined)
    : requests
        .read("syncs", client.getSource(id))
        .pipe(Effect.catchIf(isUntold, () => Effect.succeed<Source>(undefined)))

/** Sources for one walk through the connections: listed once, and read one by one where the list does not tell. */
export const shared = (
  client: RudderStackClient,
  requests: Requests,
): ((id: string | undefined) => Effect.Effect<Source, RetlError>) => {
  let known: Map<string, Source> | undefined
  let closed = false
  const list = Effect.map(
    requests.read("syncs", client.listSources()).pipe(
      Effect.map(({ data }) => data ?? []),
      Effect.catchIf(isUntold, (error) => {
        closed = isClosed(error)
        return Effect.succeed<ReadonlyArray<SourcesApi.Source>>([])
      }),
    ),
    // Only those that tell all that is needed: others are read one by one.
    (sources) =>
      new Map<string, Source>(sources.filter(({ config }) => config !== undefined).map((one) => [one.id, one])),
  )
  return Effect.fnUntraced(function* (id) {
    known ??= yield* list
    if (id === undefined || closed) return undefined
    if (!known.has(id)) known.set(id, yield* one(client, requests, id))
    return known.get(id)
  })
}
