/** What became of a trigger whose answer was lost: asked later, here or in another process. */
import * as Effect from "effect/Effect"
import { Intent } from "../../model/Intent.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Resolution } from "../../model/Trigger.ts"
import type { WorkspaceContext } from "../context.ts"
import type { Claims } from "./claims.ts"
import * as LookUp from "./lookUp.ts"

export const make = (context: WorkspaceContext, claims: Claims) =>
  Effect.fn("Runs.resolve")(function* (asked: Intent): Effect.fn.Return<Resolution, RetlError> {
    const intent = yield* context.decodeInput("resolve", Intent, asked, ["intent"])
    yield* context.requireSync("resolve", intent.sync)
    const { records } = yield* context.fromStore(context.storedIntents)
    const known = records.find((record) => record.intent.id === intent.id)?.resolution
    const resolution = known ?? (yield* lookUp(context, claims, intent))
    if (resolution._tag !== "Ambiguous") yield* context.fromStore(context.intents.remove(intent.id))
    if (resolution._tag === "Started") claims.claim(resolution.run, intent.id)
    return resolution
  })

const lookUp = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  claims: Claims,
  intent: Intent,
): Effect.fn.Return<Resolution, RetlError> {
  const obstacle = yield* LookUp.obstacle(context, claims, intent)
  const found = yield* LookUp.search(context, claims, intent, context.runAppearsWithin)
  switch (found._tag) {
    case "Found":
      return obstacle === undefined
        ? { _tag: "Started", run: found.run, evidence: found.evidence }
        : { _tag: "Ambiguous", candidates: [found.run], why: obstacle }
    case "Nothing":
      return found.proven && intent.fence.complete
        ? { _tag: "NotStarted", evidence: "the settle window is over and no run is new since right before the request" }
        : { _tag: "Ambiguous", candidates: [], why: "not all runs could be read" }
    case "Unreadable":
      return yield* found.error.with({ operation: "resolve" })
    case "Unclear":
      return { _tag: "Ambiguous", candidates: found.candidates, why: found.why }
  }
})
