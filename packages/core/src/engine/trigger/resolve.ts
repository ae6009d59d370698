/** Resolving an intent, later, in this process or another: what became of a trigger whose answer was lost. */
import * as Effect from "effect/Effect"
import { Intent } from "../../model/Intent.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { Resolution } from "../../model/Trigger.ts"
import type { WorkspaceContext } from "../context.ts"
import type { Claims } from "./claims.ts"
import * as LookUp from "./lookUp.ts"

export const make = (context: WorkspaceContext, claims: Claims) =>
  Effect.fn("Runs.resolve")(function* (input: Intent): Effect.fn.Return<Resolution, RetlError> {
    // A stored intent may have other fields besides, as in a row of a database.
    const intent = yield* context.decodeInput("resolve", Intent, input, ["intent"], { excess: "ignore" })
    yield* context.requireSync("resolve", intent.sync)
    const { records } = yield* context.fromStore(context.storedIntents)
    const stored = records.find((record) => record.intent.id === intent.id)?.resolution
    const resolution = stored ?? (yield* lookUp(context, claims, intent))
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
  const finding = yield* LookUp.search(context, claims, intent, context.runAppearsWithin)
  switch (finding._tag) {
    case "Found":
      return obstacle === undefined
        ? { _tag: "Started", run: finding.run, evidence: finding.evidence }
        : { _tag: "Ambiguous", candidates: [finding.run], why: obstacle }
    case "Nothing":
      return finding.isProven && intent.fence.complete
        ? { _tag: "NotStarted", evidence: notStarted }
        : { _tag: "Ambiguous", candidates: [], why: "core could not read all runs" }
    case "Unreadable":
      return yield* finding.error.with({ operation: "resolve" })
    case "Unclear":
      return { _tag: "Ambiguous", candidates: finding.candidates, why: finding.why }
  }
})

const notStarted = "`runAppearsWithin` is over, and no listed run can be this trigger's"
