/** The survivors of freshness and ensure. */
import type { Survivor } from "./survivor.ts"

export const ofFreshness: ReadonlyArray<Survivor> = [
  {
    file: "packages/core/src/engine/freshness/ensure.ts",
    before: "const { policy, freshSince, maxAge = 0, turnWithin = defaultTurnWithin } = options",
    after: "const { policy, freshSince, maxAge = 1, turnWithin = defaultTurnWithin } = options",
    kind: "equivalent",
    reason: "A call has maxAge or freshSince: the other value is for the compiler.",
  },
  {
    file: "packages/core/src/engine/freshness/ensure.ts",
    before: "const left = Math.max(0, deadline - (yield* instant).wall)",
    after: "const left = Math.max(1, deadline - (yield* instant).wall)",
    kind: "harmless",
    reason: "A call whose deadline is over waits a millisecond for its turn.",
  },
  {
    file: "packages/core/src/engine/freshness/ensure.ts",
    before: "(entry) => entry.markedAgo < bounds.freshFor - age && isResult(entry),",
    after: "(entry) => entry.markedAgo <= bounds.freshFor - age && isResult(entry),",
    kind: "harmless",
    reason: "A trigger that was marked a millisecond earlier is shared, too.",
  },
  {
    file: "packages/core/src/engine/freshness/ensure.ts",
    before:
      "const sibling = Array.from(facts.journaled.values()).find( (entry) => entry.markedAgo < bounds.freshFor - age && isResult(entry), )",
    after:
      "const sibling = Array.from(facts.journaled.values()).findLast((entry) => entry.markedAgo < bounds.freshFor - age && isResult(entry))",
    kind: "harmless",
    reason: "Where several triggers were marked since the call began, it shares any of them.",
  },
  {
    file: "packages/core/src/engine/freshness/facts.ts",
    before: "const newestEntries = 50",
    after: "const newestEntries = 100",
    kind: "harmless",
    reason: "No law says how many entries of a sync are read.",
  },
  {
    file: "packages/core/src/engine/freshness/facts.ts",
    before: 'entry.kind === "trigger" && "run" in entry ? [{ entry, readAt }] : [],',
    after: "true ? [{ entry, readAt }] : [],",
    kind: "equivalent",
    reason:
      "Entries of a sync that are started or finished are triggers, and have a run: the condition is for the compiler.",
  },
  {
    file: "packages/core/src/engine/freshness/facts.ts",
    before: 'entry.kind === "trigger" && "run" in entry ? [{ entry, readAt }] : [],',
    after: 'entry.kind === "trigger" || "run" in entry ? [{ entry, readAt }] : [],',
    kind: "equivalent",
    reason:
      "Entries of a sync that are started or finished are triggers, and have a run: the condition is for the compiler.",
  },
  {
    file: "packages/core/src/engine/freshness/facts.ts",
    before: 'const marked = request === undefined || entry.adopted === "already-running" ? -1 : agoOf(request.sentAt)',
    after: 'const marked = request === undefined || entry.adopted === "already-running" ? -2 : agoOf(request.sentAt)',
    kind: "equivalent",
    reason: "Any number below 0 means the same.",
  },
  {
    file: "packages/core/src/engine/freshness/facts.ts",
    before: "entry: other !== undefined && other.markedAgo < markedAgo ? other.entry : entry.id,",
    after: "entry: other !== undefined && other.markedAgo <= markedAgo ? other.entry : entry.id,",
    kind: "harmless",
    reason: "Of entries that were marked at the same time, the end of the run goes to either.",
  },
  {
    file: "packages/core/src/engine/freshness/judge.ts",
    before: "return candidateOf(isBehind ? new Run({ ...run, status, vendorStatus, rows }) : run, entry, facts)",
    after: "return candidateOf(true ? new Run({ ...run, status, vendorStatus, rows }) : run, entry, facts)",
    kind: "equivalent",
    reason: "A copy with the same values is the same run.",
  },
  {
    file: "packages/core/src/engine/freshness/judge.ts",
    before: "const newestFirst = (one: Candidate, other: Candidate): number => (one.age < other.age ? -1 : 1)",
    after: "const newestFirst = (one: Candidate, other: Candidate): number => (one.age <= other.age ? -1 : 1)",
    kind: "harmless",
    reason: "Runs of the same age may be in either order.",
  },
  {
    file: "packages/core/src/engine/freshness/judge.ts",
    before: "const newestFirst = (one: Candidate, other: Candidate): number => (one.age < other.age ? -1 : 1)",
    after: "const newestFirst = (one: Candidate, other: Candidate): number => (one.age < other.age ? -2 : 1)",
    kind: "equivalent",
    reason: "Only the sign counts.",
  },
  {
    file: "packages/core/src/engine/freshness/judge.ts",
    before: "const newestFirst = (one: Candidate, other: Candidate): number => (one.age < other.age ? -1 : 1)",
    after: "const newestFirst = (one: Candidate, other: Candidate): number => (one.age < other.age ? -1 : 2)",
    kind: "equivalent",
    reason: "Only the sign counts.",
  },
]
