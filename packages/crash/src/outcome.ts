/** What a crash test finds: the journal and the vendor's truth at its end, in numbers. */
import type { Service as Journal } from "@openretl/core/Journal"
import type { JournalEntry } from "@openretl/core/JournalEntry"
import type { JournalError } from "@openretl/core/JournalError"
import type { Truth } from "@openretl/emulator/Control"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type EntryFacts, type Findings, judge, type Learned } from "./judge.ts"
import type { Point } from "./points.ts"

/** What happened, in numbers, and what is wrong. */
export interface Outcome {
  /** Kills by point. */
  readonly kills: ReadonlyMap<Point, number>
  readonly counts: Readonly<Record<string, number>>
  readonly learned: ReadonlyArray<Learned>
  readonly findings: Findings
}

/** What the harness counted itself. */
export interface Course {
  readonly kills: ReadonlyMap<Point, number>
  readonly learned: ReadonlyArray<Learned>
  readonly isExclusive: (key: string) => boolean
  /** Each with its name. */
  readonly counts: Readonly<Record<string, number>>
}

const states = ["claimed", "sent", "lost", "started", "finished", "refused", "not-started", "abandoned"] as const

/** Reads all entries of a journal. */
export const allEntries = (journal: Journal): Effect.Effect<ReadonlyArray<JournalEntry>, JournalError> =>
  Effect.gen(function* () {
    const entries: Array<JournalEntry> = []
    let after: string | undefined
    do {
      const page = yield* journal.list({ states, limit: 1_000, ...(after !== undefined && { after }) })
      entries.push(...page.entries.map(({ entry }) => entry))
      after = page.next
    } while (after !== undefined)
    return entries
  })

const factsOf = (entry: JournalEntry): EntryFacts => {
  const request = "request" in entry ? entry.request : undefined
  return {
    id: entry.id,
    key: entry.key ?? "",
    attempt: entry.attempt,
    state: entry.state,
    fenceRuns: request !== undefined && "runs" in request.fence ? request.fence.runs.length : 0,
    ...(request && { sentAt: DateTime.toEpochMillis(request.sentAt) }),
    ...("endedAt" in entry && { endedAt: DateTime.toEpochMillis(entry.endedAt) }),
    ...("run" in entry && { run: entry.run.run }),
    ...("adopted" in entry && entry.adopted !== undefined && { adopted: entry.adopted }),
    ...("candidates" in entry && {
      candidates: entry.candidates.map((candidate) => ("run" in candidate ? candidate.run : "")),
    }),
  }
}

/** Compares the journal with the vendor's truth and with what callers learned. */
export const outcomeOf = (
  journal: Journal,
  truth: Truth,
  { kills, learned, isExclusive, counts }: Course,
): Effect.Effect<Outcome, JournalError> =>
  Effect.map(allEntries(journal), (all) => {
    const entries = all.map(factsOf)
    const findings = judge({ truth, entries, learned, isExclusive })
    const startedBy = (by: (origin: string) => boolean) => truth.runs.filter(({ origin }) => by(origin)).length
    return {
      kills,
      learned,
      findings,
      counts: {
        kills: [...kills.values()].reduce((sum, count) => sum + count, 0),
        ...counts,
        requests: truth.calls.filter(({ operation }) => operation === "start").length,
        "runs of requests": startedBy((origin) => origin === "call"),
        "other runs": startedBy((origin) => origin !== "call"),
        "keys that share the run of another key, as both waited": findings.shared.length,
        ...Object.fromEntries(
          states.map((name) => [`entries that are ${name}`, entries.filter(({ state }) => state === name).length]),
        ),
      },
    }
  })
