/**
 * Judging how fresh the data of a sync are, from facts. Pure.
 *
 * Each run has a span in which it can have begun, as ages: at most so long ago, at least so long ago. The journal's times
 * bound it without a margin: a run began after its request was marked, and ended before the journal learned of its end.
 * The vendor's dates bound it with a margin, since clocks differ; a date that the journal contradicts, or that is in the
 * future, says nothing.
 *
 * Order of the judgment:
 *
 * 1. A run that the policy accepts and that certainly is fresh: `Fresh`.
 * 2. A run that may count and that may be fresh: `Unverified`.
 * 3. A list that may hide such a run: `Unverified`. One that is newest first hides only runs that began before its last.
 * 4. A run that the policy accepts: `Stale`.
 * 5. A complete list that is shorter than any vendor keeps, and a complete journal: `Never`. Else `Unverified`.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { Freshness } from "../../model/Freshness.ts"
import { judge as judgeRun, type Policy } from "../../model/Outcome.ts"
import { isTerminal, Run } from "../../model/Run.ts"
import { isUnderWay } from "../runs/underWay.ts"
import { fewRuns } from "../trigger/fence.ts"

/** How far a vendor's clock may be off, in milliseconds. */
export const margin = 60_000

/** What the journal has of a run. Ages in milliseconds, by the store's clock. */
export interface Journaled {
  /** The run as the journal has it: its status is `running` until its end is known. */
  readonly run: Run
  /** How long ago the request was marked that led to it; infinite where none did. */
  readonly markedAgo: number
  /** The same where the vendor answered with the run; infinite for an adopted one, which began at any time. */
  readonly sentAgo: number
  /** How long ago the journal learned of its end; absent where it did not. */
  readonly endedAgo?: number
  /** How long ago the vendor accepted it; infinite where the journal does not keep that. */
  readonly acceptedAgo: number
  /** The id of an entry that has it. */
  readonly entry: string
}

/** What is known of a sync's runs. Times in milliseconds. */
export interface Facts {
  /** The runs that the vendor listed, in the order of the list. */
  readonly listed: ReadonlyArray<Run>
  /** Whether the list was read to its end. */
  readonly isWhole: boolean
  /** Whether the list shows itself newest first. */
  readonly isOrdered: boolean
  /** The time now, by the clock that the vendor's dates count by: the vendor's where an answer shows it, else ours. */
  readonly vendorNow: number
  /** The runs of the journal, by their ids. */
  readonly journaled: ReadonlyMap<string, Journaled>
  /** Whether the journal has no further runs, and no record that this version cannot decode. */
  readonly isJournalWhole: boolean
  /** How long the vendor's reads may lag behind its writes. */
  readonly readLag: number
}

/** What counts as fresh. */
export interface Bounds {
  /** The age at which a run is no longer fresh, in milliseconds. */
  readonly freshFor: number
  /** The age from which a stale run has the level `error`, in milliseconds. @default none */
  readonly errorAfter?: number | undefined
  readonly policy?: Policy | undefined
}

/** A run, and when it can have begun: ages in milliseconds. */
interface Candidate {
  readonly run: Run
  /** Its age, counted from the earliest time at which it can have begun by its dates; infinite where there is none. */
  readonly age: number
  readonly atMost: number
  readonly atLeast: number
  /** Why this span is no narrower. */
  readonly why: string
}

const near = "the newest accepted run began within a minute of the bound, and clocks differ"
const queued = "the vendor reports when the newest accepted run was queued, not when it began"
const undated = "the vendor does not report when the newest accepted run began"
const future = "by the vendor's clock, the newest accepted run begins in the future"
const contradicted = "the vendor's dates of the newest accepted run contradict the journal"
const unlisted = "the journal has a run that no read shows"
const unlistedWord = "the vendor has a word for a run's status that no table lists"
const cut = "the list may hide a newer run: it is not whole, and does not show itself newest first"
const fewPages = "the runs that were read show no accepted one, and there may be older ones"
const unreadable = "the journal has more than was read, and no accepted run was found"

const candidateOf = (
  run: Run,
  { sentAgo = Number.POSITIVE_INFINITY, endedAgo = 0 }: Partial<Journaled> = {},
  { vendorNow, readLag }: Facts,
): Candidate => {
  const agoOf = (time: DateTime.Utc | undefined) => time && vendorNow - DateTime.toEpochMillis(time)
  const started = agoOf(run.startedAt)
  const earliest = started ?? agoOf(run.queuedAt)
  const latest = started ?? agoOf(run.finishedAt)
  const isFuture = earliest !== undefined && earliest < -margin
  // A run that is still queued begins at any time from now on; reads may lag.
  const isQueued = started === undefined && run.status === "queued"
  const age = isFuture || earliest === undefined ? Number.POSITIVE_INFINITY : Math.max(0, earliest)
  const atMost = Math.min(age + margin, isQueued ? readLag : Number.POSITIVE_INFINITY)
  const atLeast = isFuture || latest === undefined ? 0 : latest - margin
  const isContradicted = atLeast > sentAgo || atMost < endedAgo
  if (isContradicted) return { run, age: sentAgo, atMost: sentAgo, atLeast: endedAgo, why: contradicted }
  return {
    run,
    age: Math.min(age, sentAgo),
    atMost: Math.min(atMost, sentAgo),
    atLeast: Math.max(atLeast, endedAgo),
    why: isFuture ? future : earliest === undefined ? undated : started === undefined ? queued : near,
  }
}

/** Returns all runs, each as the one of list and journal that knows its end. */
const candidatesOf = (facts: Facts): ReadonlyArray<Candidate> => {
  const { listed, journaled } = facts
  const ids = new Set(listed.map(({ ref }) => ref.run))
  return [
    ...listed.map((run) => {
      const entry = journaled.get(run.ref.run)
      // Reads may lag behind what the journal has learned.
      const isBehind = entry?.endedAgo !== undefined && !isTerminal(run.status)
      const { status, vendorStatus, rows } = isBehind ? entry.run : run
      return candidateOf(isBehind ? new Run({ ...run, status, vendorStatus, rows }) : run, entry, facts)
    }),
    ...Array.from(journaled.values())
      .filter(({ run }) => !ids.has(run.ref.run) && isTerminal(run.status))
      .map((entry) => candidateOf(entry.run, entry, facts)),
  ]
}

/** Returns the runs of the journal without an end that the list does not show. */
const unlistedOf = ({ listed, journaled }: Facts): ReadonlyArray<Journaled> => {
  const ids = new Set(listed.map(({ ref }) => ref.run))
  return Array.from(journaled.values()).filter(({ run }) => !ids.has(run.ref.run) && !isTerminal(run.status))
}

/** Returns whether a run without an end may have ended, and be fresh. */
const mayBeFresh =
  ({ readLag }: Facts, { freshFor }: Bounds) =>
  ({ acceptedAgo, sentAgo }: Journaled): boolean =>
    acceptedAgo < readLag || sentAgo < freshFor

const newestFirst = (one: Candidate, other: Candidate): number => (one.age < other.age ? -1 : 1)

/** Returns whether the last run of a list began before the bound: below it, there are only older ones. */
const reachesBound = (facts: Facts, { freshFor }: Bounds): boolean => {
  const last = facts.listed.at(-1)
  return facts.isOrdered && last !== undefined && candidateOf(last, undefined, facts).atLeast >= freshFor
}

/** Returns how fresh the data of a sync are. */
export const judge = (facts: Facts, bounds: Bounds): Freshness => {
  const { freshFor, errorAfter = Number.POSITIVE_INFINITY, policy } = bounds
  const candidates = candidatesOf(facts)
  const accepted = candidates.filter(({ run }) => judgeRun(run, policy).accepted).sort(newestFirst)
  const [best] = accepted
  const unverified = (why: string, run = best?.run): Freshness => ({ _tag: "Unverified", why, ...(run && { run }) })

  const fresh = accepted.find(({ atMost }) => atMost < freshFor)
  if (fresh !== undefined) return { _tag: "Fresh", run: fresh.run, age: Duration.millis(Math.floor(fresh.age)) }

  const doubtful = accepted.find(({ atLeast }) => atLeast < freshFor)
  if (doubtful !== undefined) return unverified(doubtful.why, doubtful.run)
  const unknown = candidates.filter(({ run }) => run.status === "unknown")
  if (unknown.some(({ atLeast }) => atLeast < freshFor)) return unverified(unlistedWord)
  const missing = unlistedOf(facts)
  if (missing.some(mayBeFresh(facts, bounds))) return unverified(unlisted)

  if (!facts.isWhole && !reachesBound(facts, bounds)) return unverified(cut)
  if (best !== undefined) {
    const age = Math.floor(Number.isFinite(best.age) ? best.age : best.atLeast)
    return { _tag: "Stale", run: best.run, age: Duration.millis(age), level: age >= errorAfter ? "error" : "warn" }
  }
  if (!facts.isWhole || facts.listed.length >= fewRuns) return unverified(fewPages)
  if (unknown.length > 0) return unverified(unlistedWord)
  if (missing.length > 0) return unverified(unlisted)
  return facts.isJournalWhole ? { _tag: "Never" } : unverified(unreadable)
}

/** Returns whether further pages of the list would not change the judgment. */
export const isDecided = (facts: Facts, bounds: Bounds): boolean => {
  const freshness = judge(facts, bounds)
  if (freshness._tag !== "Unverified") return true
  // A run of the journal that the list has not shown yet may be on a later page.
  const isListed = facts.listed.some(({ ref }) => ref.run === freshness.run?.ref.run)
  return isListed && reachesBound(facts, bounds) && !unlistedOf(facts).some(mayBeFresh(facts, bounds))
}

/** A run under way. */
export interface UnderWay {
  readonly run: Run
  /** Whether it is fresh once the policy accepts its end. */
  readonly isFresh: boolean
  /** What the journal has of it; absent for nothing. */
  readonly journaled: Journaled | undefined
  /** Whether the list does not show it, although reads cannot lag any more: it may have ended, or be gone. */
  readonly isMissing: boolean
}

/**
 * Returns a run under way, one that is fresh before others; `undefined` for none. A run of the journal that no read shows yet
 * is under way, and one that no read shows any more may be. The runs in `ended` are not, whatever a list shows that lags.
 */
export const underWay = (facts: Facts, bounds: Bounds, ended: ReadonlySet<string>): UnderWay | undefined => {
  const runs: ReadonlyArray<UnderWay> = [
    ...candidatesOf(facts)
      .filter(({ run }) => isUnderWay(run))
      .map(({ run, atMost }) => ({
        ...{ run, isFresh: atMost < bounds.freshFor, journaled: facts.journaled.get(run.ref.run), isMissing: false },
      })),
    ...unlistedOf(facts)
      .filter(mayBeFresh(facts, bounds))
      .map((journaled) => ({
        ...{ run: journaled.run, isFresh: journaled.sentAgo < bounds.freshFor, journaled },
        isMissing: journaled.acceptedAgo >= facts.readLag,
      }))
      .sort((one, other) => Number(one.isMissing) - Number(other.isMissing)),
  ].filter(({ run }) => !ended.has(run.ref.run))
  return runs.find(({ isFresh }) => isFresh) ?? runs[0]
}
