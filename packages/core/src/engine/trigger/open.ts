/**
 * Settling an entry whose request may have been sent: by reads, once the request and its effect are over, and by repeating
 * the request where the vendor keeps its key.
 *
 * The entry may be of another process, and of another account: what its list shows counts only after the token has read
 * the sync itself, or a run of the entry's fence.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Change, JournalRecord, Stored } from "../../journal/Journal.ts"
import { isOpen, type JournalEntry, type Owner } from "../../model/JournalEntry.ts"
import { TriggerBusy } from "../../model/Reason.ts"
import { RunRef, type SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { defaultTurnWithin, type Resolution, TriggerIndeterminate } from "../../model/Trigger.ts"
import * as Logging from "../../telemetry/logging.ts"
import type { WorkspaceContext } from "../context.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import type { Call } from "./call.ts"
import * as Claims from "./claims.ts"
import type * as LookUp from "./lookUp.ts"
import * as Repeating from "./repeating.ts"

/** Returns whether an entry is a trigger's whose request may have been sent. */
export const isOpenTrigger = (entry: JournalEntry): entry is LookUp.OpenEntry =>
  entry.kind === "trigger" && isOpen(entry)

/** What of an open entry, a trigger's or a change's, says when its request and its effect are over. */
interface Times {
  readonly request: Pick<LookUp.OpenEntry["request"], "sentAt" | "writeTimeout" | "runAppearsWithin">
  readonly lostAt?: DateTime.Utc
}

/** Returns from when an entry can be concluded, by the store's clock: its request and its effect are over then. */
export const concludableFrom = (entry: Times): DateTime.Utc => {
  const { sentAt, writeTimeout, runAppearsWithin } = entry.request
  const ended = entry.lostAt ?? DateTime.addDuration(sentAt, writeTimeout)
  return DateTime.addDuration(ended, runAppearsWithin)
}

/** Returns in how many milliseconds that is; below 0 where it is over. */
export const concludableIn = (entry: Times, readAt: DateTime.Utc): number =>
  DateTime.toEpochMillis(concludableFrom(entry)) - DateTime.toEpochMillis(readAt)

/**
 * Finds out what became of an entry of another call, and writes it to the journal. The caller holds the lease. Fails
 * where reads fail. With `isFresh`, a request that reads do not settle is repeated, where the vendor keeps its key.
 */
export const conclude = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  call: Call,
  stored: Stored,
  entry: LookUp.OpenEntry,
  isFresh?: Effect.Effect<boolean>,
): Effect.fn.Return<Resolution, RetlError> {
  const { owner, sync } = call
  const age = DateTime.toEpochMillis(stored.readAt) - DateTime.toEpochMillis(entry.request.sentAt)
  const look = Repeating.search(context, { call, entry, isFresh }, age, {
    settledIn: concludableIn(entry, stored.readAt),
    searchFor: Duration.toMillis(context.resolveWithin),
  })
  let finding: Repeating.Finding = yield* look
  if (finding._tag === "Nothing" && Repeating.isPossible(context)) {
    // The last repetition of a call that has ended may have its effect only now.
    finding = yield* Effect.delay(look, entry.request.runAppearsWithin)
  }
  switch (finding._tag) {
    case "Answered":
      return yield* writeAnswer(context, call, entry, finding.answer)
    case "Found":
      return yield* write(context, owner, entry, { state: "started", run: finding.run, adopted: "lost-answer" }, () => {
        Claims.claim(context, finding.run, entry.id)
        return { _tag: "Started", run: finding.run, evidence: finding.evidence }
      })
    case "Nothing":
      if (!finding.showsFence) yield* requireAccess(context, sync)
      return yield* write(context, owner, entry, { state: "not-started" }, () => ({
        _tag: "NotStarted",
        evidence: "the list reaches back to the fence, and every run since is another trigger's",
      }))
    case "Unreadable":
      return yield* finding.error.with({ operation: "resolve" })
    case "Unclear":
      return { _tag: "Ambiguous", candidates: finding.candidates, why: finding.why }
  }
})

/** Writes what the vendor has answered to a repetition. */
const writeAnswer = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  { owner, sync }: Call,
  entry: LookUp.OpenEntry,
  answer: Repeating.Answer,
): Effect.fn.Return<Resolution, RetlError> {
  const evidence = "the vendor's answer to the same request, sent again with its key"
  if (Result.isFailure(answer)) {
    return yield* write(context, owner, entry, { state: "refused" }, () => ({ _tag: "NotStarted", evidence }))
  }
  const run = new RunRef({ sync, run: answer.success, acceptedAt: yield* DateTime.now })
  if (Claims.isOdd(context, run, entry)) {
    return { _tag: "Ambiguous", candidates: [run], why: "the vendor answered with a run that was there before" }
  }
  return yield* write(context, owner, entry, { state: "started", run }, () => {
    Claims.claim(context, run, entry.id)
    return { _tag: "Started", run, evidence }
  })
})

const write = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  owner: Owner,
  entry: LookUp.OpenEntry,
  change: Change,
  resolution: () => Resolution,
): Effect.fn.Return<Resolution, RetlError> {
  const result = yield* context.store.update(entry, change, owner)
  // Its owner, or somebody else, has concluded it meanwhile.
  return result._tag === "Updated" ? resolution() : resolutionOf(result.record)
})

/** A foreign account may list nothing, with a 200: the token has to read the sync itself. */
const requireAccess = (context: WorkspaceContext, sync: SyncRef): Effect.Effect<unknown, RetlError> =>
  RetryLoop.read(context.rateLimit.within("check", Priority.write)(context.check(sync))).pipe(
    Effect.mapError((error) => error.with({ operation: "resolve" })),
  )

/** Returns what the journal says of an entry. */
export const resolutionOf = (record: JournalRecord | undefined): Resolution => {
  const entry = record?._tag === "Stored" ? record.entry : undefined
  if (entry?.kind !== "trigger") return { _tag: "Ambiguous", candidates: [], why: "the journal has no such entry" }
  switch (entry.state) {
    case "started":
    case "finished":
      return { _tag: "Started", run: entry.run, evidence: evidenceOf(entry.adopted) }
    case "refused":
      return { _tag: "NotStarted", evidence: "the vendor refused it" }
    case "not-started":
      return { _tag: "NotStarted", evidence: "an earlier look-up, or a person, concluded so" }
    case "claimed":
      return { _tag: "NotStarted", evidence: "nothing was sent" }
    case "abandoned":
      return { _tag: "Ambiguous", candidates: entry.candidates, why: "it was abandoned" }
    case "sent":
    case "lost":
      return { _tag: "Ambiguous", candidates: [], why: "its request may still be under way" }
  }
}

const evidenceOf = (adopted: "lost-answer" | "already-running" | undefined): string => {
  switch (adopted) {
    case undefined:
      return "the vendor's answer"
    case "lost-answer":
      return "an earlier look-up, or a person, attributed it"
    case "already-running":
      return "it was under way when the call began"
  }
}

/** What is pending at a sync: its open entry, and the runs that were started there, the latest first. */
export interface Pending {
  readonly open: { readonly stored: Stored; readonly entry: LookUp.OpenEntry } | undefined
  readonly started: ReadonlyArray<{ readonly run: RunRef; readonly age: number }>
}

/** How many entries of a sync are read before a trigger. */
const newestEntries = 50

/** Reads what is pending at a sync. Fails where the journal has a record there that this version cannot decode. */
export const read = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  identity: string,
): Effect.fn.Return<Pending, RetlError> {
  const newest = yield* context.store.list({ identity, states: ["sent", "lost", "started"], limit: newestEntries })
  // A key may have been claimed long before its trigger was sent: its open entry is not always among the newest.
  const others =
    newest.next === undefined ? undefined : yield* context.store.list({ identity, states: ["sent", "lost"] })
  const unreadable = [...newest.unreadable, ...(others?.unreadable ?? [])]
  const entries = [...newest.entries, ...(others?.entries ?? [])]
  const [first] = unreadable
  if (first !== undefined) return yield* context.unreadableRecord("start", first)
  const open = entries.flatMap((stored) => (isOpenTrigger(stored.entry) ? [{ stored, entry: stored.entry }] : []))
  const started = entries.flatMap(({ entry, readAt }) =>
    entry.kind === "trigger" && entry.state === "started"
      ? [{ run: entry.run, age: DateTime.toEpochMillis(readAt) - DateTime.toEpochMillis(entry.acceptedAt) }]
      : [],
  )
  return { open: open[0], started }
})

/**
 * Settles what is open at the call's sync. The caller holds the lease. Fails with `TriggerIndeterminate` where that stays
 * open, unless `whenOpen` says that the call goes on.
 */
export const settle = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  call: Call,
  isFresh: Effect.Effect<boolean>,
): Effect.fn.Return<Pending, RetlError | TriggerIndeterminate> {
  const { owner, identity, request } = call
  const pending = yield* read(context, identity)
  if (pending.open === undefined) return pending
  const { stored, entry } = pending.open
  const indeterminate = (why: string, candidates: ReadonlyArray<RunRef>) =>
    new TriggerIndeterminate({ entry, candidates, why, delivery: "not-sent" })
  if (request.whenOpen === "fail") return yield* indeterminate("an earlier trigger of this sync is still open", [])
  const turnWithin = Duration.fromInputUnsafe(request.turnWithin ?? defaultTurnWithin)
  if (concludableIn(entry, stored.readAt) > Duration.toMillis(turnWithin)) {
    const busy = new TriggerBusy({ owner: entry.owner, entry: entry.id, freeAt: concludableFrom(entry) })
    return yield* context.error("start", busy)
  }
  // The call itself has sent nothing, whatever became of the earlier request.
  const resolution = yield* Effect.mapError(conclude(context, call, stored, entry, isFresh), (error) =>
    error.with({ operation: "start", delivery: "not-sent" }),
  )
  if (resolution._tag === "Ambiguous") {
    const { candidates, why } = resolution
    if (request.whenOpen !== "supersede") return yield* indeterminate(why, candidates)
    yield* context.store.update(entry, { state: "abandoned", candidates }, owner)
    yield* Logging.warn("An open entry was abandoned, as whenOpen says", {
      ...{ entry: entry.id, sync: entry.sync.toString(), candidates: candidates.map(String) },
    })
  }
  return yield* read(context, identity)
})
