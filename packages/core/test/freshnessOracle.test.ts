import { describe, expect, it } from "@effect/vitest"
import { DateTime, Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { form } from "../../../scripts/forms.ts"
import type { WorkspaceContext } from "../src/engine/context.ts"
import * as Facts from "../src/engine/freshness/facts.ts"
import { judge } from "../src/engine/freshness/judge.ts"
import { Priority } from "../src/engine/rate-limit/rateLimit.ts"
import * as Shared from "../src/engine/trigger/shared.ts"
import { generate, type History, now, readLag, sync } from "./support/histories.ts"

/** A workspace whose vendor and journal show what a history says. */
const contextOf = ({ pages, asOf, mayHaveMore, journal }: History): WorkspaceContext => {
  const context: Partial<WorkspaceContext> = {
    identityOf: String,
    shared: Shared.make(),
    readLag: Duration.millis(readLag),
    rateLimit: { whileOpen: (effect: unknown) => effect } as WorkspaceContext["rateLimit"],
    store: { list: () => Effect.succeed(journal) } as Partial<WorkspaceContext["store"]> as WorkspaceContext["store"],
    list: (_, { cursor }) => {
      const page = Number(cursor ?? 0)
      const isLast = page === pages.length - 1
      return Effect.succeed({
        runs: pages[page] ?? [],
        ...(asOf !== undefined && { asOf: DateTime.makeUnsafe(asOf) }),
        ...(isLast ? mayHaveMore && { mayHaveMore } : { next: String(page + 1) }),
      })
    },
  }
  return context as WorkspaceContext
}

/** Returns what is wrong with a judgment; `undefined` for nothing. */
const wrongOf = ({ _tag }: ReturnType<typeof judge>, { truth }: History): string | undefined => {
  const { isFresh, hasAccepted, suffices, isShort, isJournaled, isHonest } = truth
  if (_tag === "Fresh" && !isFresh) return "wrong Fresh"
  if (_tag === "Never" && hasAccepted) return "wrong Never"
  if (_tag === "Stale" && isHonest && isFresh) return "wrong Stale"
  if (isJournaled && _tag !== "Fresh") return "the journal proves it"
  if (!suffices || (!hasAccepted && !isShort)) return undefined
  return _tag === (isFresh ? "Fresh" : hasAccepted ? "Stale" : "Never") ? undefined : "what was shown suffices"
}

describe("freshness against an oracle that knows when each run began", () => {
  const histories = form(300, 10_000)

  it.effect(
    `N1: of ${histories} histories none is wrongly Fresh or Never, nor Unverified where what was shown suffices`,
    () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(now)
        const counts = { Fresh: 0, Stale: 0, Never: 0, Unverified: 0, suffices: 0 }
        for (let seed = 1; seed <= histories; seed++) {
          const history = generate(seed)
          const { freshFor, policy } = history
          const { facts, bounds } = yield* Facts.read(contextOf(history), sync, Priority.read, () => ({
            freshFor,
            policy,
          }))
          const freshness = judge(facts, bounds)
          counts[freshness._tag]++
          if (history.truth.suffices) counts.suffices++
          const wrong = wrongOf(freshness, history)
          if (wrong !== undefined) expect.fail(`${wrong}: ${JSON.stringify(freshness)} of ${history.text}`)
        }
        // The histories are not all of one kind.
        for (const count of Object.values(counts)) expect(count, JSON.stringify(counts)).toBeGreaterThan(histories / 40)
      }),
    form(60_000, 600_000),
  )
})
