/**
 * Histories of a sync for an oracle: what really happened, and what a vendor and a journal show of it. The oracle knows real
 * starts and ends; nothing here comes from the code that it judges.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { Listed, Stored } from "../../src/journal/Journal.ts"
import type { TriggerEntry } from "../../src/model/JournalEntry.ts"
import type { Policy } from "../../src/model/Outcome.ts"
import { RunRef } from "../../src/model/Ref.ts"
import { type Rows, Run, type Status } from "../../src/model/Run.ts"
import * as FakeDriver from "./fakeDriver.ts"

export const sync = FakeDriver.sync()

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** The time at which a history is looked at, in epoch milliseconds. */
export const now = 100 * day

/** How long the vendor's reads lag at most. */
export const readLag = minute

/** A run as it really was. Times in epoch milliseconds. */
interface Truth {
  readonly id: string
  readonly queuedAt: number
  readonly startedAt: number
  readonly endedAt: number
  readonly ends: Status
  readonly isGood: boolean
}

export interface History {
  readonly freshFor: number
  readonly policy: Policy | undefined
  /** The list's runs, page after page. */
  readonly pages: ReadonlyArray<ReadonlyArray<Run>>
  /** The vendor's clock, where its answers show it. */
  readonly asOf: number | undefined
  /** Whether the vendor keeps something back behind its last page. */
  readonly mayHaveMore: boolean
  readonly journal: Listed
  readonly truth: {
    /** Whether an accepted run began within `freshFor`. */
    readonly isFresh: boolean
    /** Whether an accepted run has ended, by what the journal or the vendor's reads show: these may lag. */
    readonly hasAccepted: boolean
    /** Whether what was shown suffices: reported starts, a complete list, no date near the bound. */
    readonly suffices: boolean
    /** Whether the list is shorter than any vendor keeps. */
    readonly isShort: boolean
    /** Whether the journal alone proves freshness, without a margin. */
    readonly isJournaled: boolean
    /** Whether reads and dates are true but for the skew of clocks, and runs begin in the order of the queue. */
    readonly isHonest: boolean
  }
  /** What happened, for a failing test. */
  readonly text: string
}

/** A source of numbers from 0 to 1 that repeats for a seed. */
export const randomOf = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const rowsOf = (ends: Status): Rows => {
  if (ends === "succeeded") return { succeeded: 10, failed: 0 }
  return ends === "partial" ? { succeeded: 9, failed: 1 } : {}
}

/** Generates a history. */
export const generate = (seed: number): History => {
  const random = randomOf(seed)
  const chance = (part: number): boolean => random() < part
  const between = (from: number, to: number): number => Math.floor(from + random() * (to - from))
  const pick = <A>(...values: readonly [A, ...ReadonlyArray<A>]): A => values[between(0, values.length)] ?? values[0]

  const freshFor = pick(10 * minute, hour, 6 * hour, day)
  const policy: Policy | undefined = chance(0.3) ? { maxFailedRows: 1 } : undefined
  const goodPart = pick(0, 0.2, 0.7, 1)
  const queues = chance(0.3)

  // What really happened.
  const runs: Array<Truth> = Array.from({ length: pick(0, 1, 2, 5, 12, 19, 20, 45) }, (_, index) => {
    const isRecent = chance(0.15)
    const startedAt = chance(0.25)
      ? now - freshFor + between(-3 * minute, 3 * minute)
      : now - between(queues ? -hour : 0, isRecent ? 2 * minute : 3 * freshFor)
    const queuedAt = Math.min(now - 1, startedAt) - (queues && chance(0.4) ? between(0, hour) : 0)
    const ends: Status = chance(goodPart)
      ? pick("succeeded", policy ? "partial" : "succeeded")
      : pick("failed", "cancelled", policy ? "failed" : "partial")
    const isGood = ends === "succeeded" || (ends === "partial" && policy !== undefined)
    const endedAt = startedAt + between(second, isRecent ? minute : 40 * minute)
    return { id: `r${index}`, queuedAt, startedAt, endedAt, ends, isGood }
  }).sort((a, b) => b.queuedAt - a.queuedAt)

  // What the vendor shows.
  const reports = pick("start", "start", "both", "queue", "end", "nothing", "some")
  const showsClock = chance(0.5)
  const offset = showsClock ? between(-12 * hour, 12 * hour) : between(-59 * second, 59 * second)
  const gatewayOff = showsClock ? between(-30 * second, 30 * second) : 0
  const skew = showsClock ? gatewayOff : -offset
  const liar = chance(0.05) ? runs[between(0, runs.length)]?.id : undefined
  const isOurs = new Map(runs.map(({ id }) => [id, chance(0.4)]))
  const lagging = new Set(
    runs.filter(({ id, endedAt }) => isOurs.get(id) && endedAt > now - readLag && chance(0.5)).map(({ id }) => id),
  )
  const hidden = new Set(
    runs.filter(({ id, startedAt }) => isOurs.get(id) && startedAt > now - readLag && chance(0.5)).map(({ id }) => id),
  )
  const kept = chance(0.2) ? between(20, 30) : 1_000
  const show = (run: Truth): Run => {
    const hasEnded = run.endedAt <= now && !lagging.has(run.id)
    const hasBegun = run.startedAt <= now
    const status: Status = hasEnded ? run.ends : hasBegun ? "running" : "queued"
    const isReported = reports !== "some" || chance(0.6)
    const lie = run.id === liar ? now - run.queuedAt + day : 0
    const at = (time: number) => DateTime.makeUnsafe(time + offset + lie)
    return new Run({
      ref: new RunRef({ sync, run: run.id }),
      status,
      vendorStatus: status,
      rows: hasEnded ? rowsOf(run.ends) : {},
      native: undefined,
      ...((reports === "both" || reports === "queue") && { queuedAt: at(run.queuedAt) }),
      ...(hasBegun &&
        (reports === "start" || reports === "both" || reports === "some") &&
        isReported && { startedAt: at(run.startedAt) }),
      ...(hasEnded && reports !== "nothing" && isReported && { finishedAt: at(run.endedAt) }),
    })
  }
  const listed = runs.slice(0, kept).filter(({ id }) => !hidden.has(id))
  const order = pick("newest", "newest", "oldest", "shuffled")
  if (order === "oldest") listed.reverse()
  if (order === "shuffled") listed.sort((a, b) => Math.sin(a.startedAt) - Math.sin(b.startedAt))
  const shown = listed.map(show)
  const pageSize = pick(1, 3, 10, 100)
  const pages = Array.from({ length: Math.max(1, Math.ceil(shown.length / pageSize)) }, (_, page) =>
    shown.slice(page * pageSize, (page + 1) * pageSize),
  )
  const mayHaveMore = chance(0.1)

  // What the journal reports, by a clock of its own.
  const storeOffset = between(-6 * hour, 6 * hour)
  const atStore = (time: number) => DateTime.makeUnsafe(time + storeOffset)
  const entryOf = (run: Truth) => {
    const adopted = chance(0.2) ? { adopted: "already-running" as const } : undefined
    const sent = adopted ? between(Math.min(now - 1, run.startedAt), now) : run.queuedAt - between(0, 2 * second)
    const isFinished = run.endedAt <= now && chance(0.6)
    const request = {
      ...{ sentAt: atStore(sent), fence: { runs: [], complete: true }, exclusive: false },
      ...{ writeTimeout: Duration.minutes(1), runAppearsWithin: Duration.minutes(1) },
    }
    const common = {
      ...{ id: `e${run.id}`, identity: "i", vendor: "fake", baseUrl: "", workspace: "test", sync, request },
      ...{ revision: 1, attempt: 1, owner: { host: "h", pid: 1, call: "c" }, run: new RunRef({ sync, run: run.id }) },
      ...{ createdAt: atStore(sent), writtenAt: atStore(sent), ...adopted },
      kind: "trigger" as const,
      edition: 2 as const,
    }
    const entry: TriggerEntry = isFinished
      ? {
          ...{ ...common, state: "finished", status: run.ends, rows: rowsOf(run.ends) },
          endedAt: atStore(between(run.endedAt, now + 1)),
        }
      : { ...common, state: "started", acceptedAt: atStore(Math.min(now, sent + between(0, second))) }
    return { run, adopted, isFinished, sent, entry }
  }
  const entries = runs.filter(({ id, queuedAt }) => isOurs.get(id) && queuedAt <= now).map(entryOf)
  const isUnreadable = chance(0.1)
  const journal: Listed = {
    entries: entries.map(
      ({ entry }): Stored => ({
        ...{ _tag: "Stored", entry, readAt: atStore(now), isOwnerAlive: false },
      }),
    ),
    unreadable: isUnreadable ? [{ _tag: "Unreadable", id: "odd", why: "it is of another edition" }] : [],
  }

  // What the oracle concludes.
  const accepted = runs.filter(({ isGood, endedAt }) => isGood && endedAt <= now)
  const finished = new Set(entries.filter(({ isFinished }) => isFinished).map(({ run }) => run.id))
  const shownMargins = accepted.map(({ startedAt }) => Math.abs(now - startedAt + skew - freshFor))
  const isWhole = !mayHaveMore && kept >= runs.length && (order === "newest" || pages.length <= 10)
  const isShown = lagging.size === 0 && hidden.size === 0
  const isRead = pages.length <= (order === "newest" ? 10 : 20) || pageSize >= 100
  return {
    ...{ freshFor, policy, pages, mayHaveMore, journal },
    asOf: showsClock ? now + offset + gatewayOff : undefined,
    truth: {
      isFresh: accepted.some(({ startedAt }) => now - startedAt < freshFor),
      hasAccepted: accepted.some(({ id }) => !lagging.has(id) || finished.has(id)),
      suffices:
        (reports === "start" || reports === "both") &&
        liar === undefined &&
        isWhole &&
        isShown &&
        isRead &&
        !isUnreadable &&
        shownMargins.every((shown) => shown > minute),
      isShort: runs.length < 20,
      isJournaled: entries.some(
        ({ run, adopted, isFinished, sent }) => run.isGood && isFinished && !adopted && now - sent < freshFor,
      ),
      isHonest: liar === undefined && lagging.size === 0 && !queues,
    },
    text: JSON.stringify({
      seed,
      freshFor,
      policy,
      reports,
      order,
      pageSize,
      kept,
      offset,
      skew,
      liar,
      runs,
      isUnreadable,
    }),
  }
}
