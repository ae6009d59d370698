/** Completes a dialect by the defaults of its fields. */
import type { Ids } from "../../Ids.ts"
import type { CompleteDialect, Dialect } from "../../kit/Dialect.ts"
import type { Mint } from "../../kit/Mint.ts"
import * as Reply from "../../kit/Reply.ts"
import { usualWords, wordAt } from "../../kit/RunState.ts"

/** The names of the ids of syncs, and of the ids of what they are made of. */
interface IdNames {
  readonly sync: ReadonlyArray<string>
  readonly parts: ReadonlyArray<string>
}

export const completeDialect = (dialect: Dialect, idNames: IdNames, mint: Mint): CompleteDialect => {
  const refuse = dialect.refuse ?? ((status, message) => Reply.json(status, { message }))
  const mintMissing = (names: ReadonlyArray<string>, ids: Ids): Ids =>
    Object.fromEntries(names.map((name) => [name, ids[name] ?? mint.digits(name)]))
  return {
    workspace: { id: mint.digits("workspace"), name: "Emulated workspace" },
    notFound: () => refuse(404, "not found"),
    unauthorized: () => refuse(401, "the token is missing or not valid"),
    forbidden: () => refuse(403, "the token does not have this permission"),
    tooManyRequests: ({ resetAt }, now) =>
      Reply.withHeaders(refuse(429, "too many requests"), {
        "retry-after": String(Math.max(1, Math.ceil((resetAt - now) / 1000))),
      }),
    isAuthorized: (request, token) => request.header("authorization") === `Bearer ${token}`,
    whenBusy: () => "overlaps",
    newRunId: () => mint.digits("run"),
    addParts: (_, ids) => mintMissing(idNames.parts, ids),
    newIds: (parts) => mintMissing(idNames.sync, parts),
    defaultAttributes: () => ({}),
    attributeNames: [],
    toWireSchedule: (schedule) => schedule,
    keyOf: (ids) => idNames.sync.map((name) => ids[name]).join("/"),
    refuse,
    statusWord: (run, at) => wordAt(run, at, usualWords),
    ...dialect,
  }
}
