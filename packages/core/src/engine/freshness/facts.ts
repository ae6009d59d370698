/**
 * Reading what shows how fresh the data of a sync are: first the journal, which costs no request, then the list, only where
 * the journal does not decide, and only as many pages as decide.
 */
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Stored } from "../../journal/Journal.ts"
import type { TriggerEntry } from "../../model/JournalEntry.ts"
import type { SyncRef } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import { Run } from "../../model/Run.ts"
import type { WorkspaceContext } from "../context.ts"
import * as Lengths from "../poll/lengths.ts"
import type { Priority } from "../rate-limit/rateLimit.ts"
import { homed } from "../trigger/call.ts"
import type { Instant } from "../trigger/elapsed.ts"
import * as Fence from "../trigger/fence.ts"
import { type Bounds, type Facts, isDecided, type Journaled } from "./judge.ts"

/** How many entries of a sync are read. */
const newestEntries = 50

/** Returns what counts as fresh at a time, where that depends on it. */
export type BoundsAt = (now: Instant) => Bounds

/** Reads as many facts as are enough, or all. */
export const read = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  sync: SyncRef,
  priority: Priority,
  boundsAt: BoundsAt,
  isEnough: (facts: Facts, bounds: Bounds) => boolean = isDecided,
): Effect.fn.Return<{ readonly facts: Facts; readonly bounds: Bounds }, RetlError> {
  const clock = yield* Clock.Clock
  const instant = (): Instant => ({
    wall: clock.currentTimeMillisUnsafe(),
    monotonic: Number(clock.monotonicTimeNanosUnsafe()) / 1e6,
  })
  // From before the read: a store that takes its time makes no run younger.
  const readAt = instant()
  const identity = context.identityOf(sync)
  const page = yield* context.store.list({ identity, states: ["started", "finished"], limit: newestEntries })
  const entries = page.entries.flatMap(({ entry, readAt }) =>
    entry.kind === "trigger" && "run" in entry ? [{ entry, readAt }] : [],
  )
  const factsOf = ({ runs, isWhole, isOrdered, clock: shown }: Fence.Listing): Now => {
    const now = instant()
    const facts: Facts = {
      ...{ listed: runs, isWhole, isOrdered },
      vendorNow: shown ? DateTime.toEpochMillis(shown.asOf) + now.monotonic - shown.monotonic : now.wall,
      journaled: journaledOf(sync, entries, now.monotonic - readAt.monotonic),
      isJournalWhole: page.next === undefined && page.unreadable.length === 0,
      readLag: Duration.toMillis(context.readLag),
    }
    return { facts, bounds: boundsAt(now) }
  }
  const decides = (listing: Fence.Listing): boolean => {
    const { facts, bounds } = factsOf(listing)
    return isEnough(facts, bounds)
  }
  if (decides(Fence.noListing)) return factsOf(Fence.noListing)
  const listing = yield* Fence.read(context, sync, priority, decides)
  Lengths.note(context, sync, listing.runs)
  return factsOf(listing)
})

/** The facts as they are now. */
interface Now {
  readonly facts: Facts
  readonly bounds: Bounds
}

/** An entry that has a run. */
type EntryOfRun = Extract<TriggerEntry, { readonly state: "started" | "finished" }>

/** Returns what the journal has of each run, so long after the entries were read. */
const journaledOf = (
  sync: SyncRef,
  entries: ReadonlyArray<Pick<Stored, "readAt"> & { readonly entry: EntryOfRun }>,
  elapsed: number,
): ReadonlyMap<string, Journaled> => {
  const journaled = new Map<string, Journaled>()
  for (const { entry, readAt } of entries) {
    const agoOf = (time: DateTime.Utc): number => DateTime.toEpochMillis(readAt) - DateTime.toEpochMillis(time)
    const { run: ref, request } = entry
    const isFinished = entry.state === "finished"
    const { status, rows } = isFinished ? entry : ({ status: "running", rows: {} } as const)
    // A store's clock that was set back says nothing.
    const marked = request === undefined || entry.adopted === "already-running" ? -1 : agoOf(request.sentAt)
    const markedAgo = marked < 0 ? Number.POSITIVE_INFINITY : marked + elapsed
    const sentAgo = entry.adopted === undefined ? markedAgo : Number.POSITIVE_INFINITY
    const other = journaled.get(ref.run)
    const endedAgo = isFinished ? Math.max(0, agoOf(entry.endedAt)) : other?.endedAgo
    journaled.set(ref.run, {
      run:
        other?.endedAgo === undefined
          ? new Run({ ref: homed({ sync }, ref), status, vendorStatus: status, rows, native: undefined })
          : other.run,
      markedAgo: Math.min(markedAgo, other?.markedAgo ?? Number.POSITIVE_INFINITY),
      sentAgo: Math.min(sentAgo, other?.sentAgo ?? Number.POSITIVE_INFINITY),
      acceptedAgo: isFinished ? Number.POSITIVE_INFINITY : Math.max(0, agoOf(entry.acceptedAt)),
      // The entry whose trigger led to the run goes before those of calls that adopted it.
      entry: other !== undefined && other.markedAgo < markedAgo ? other.entry : entry.id,
      ...(endedAgo !== undefined && { endedAgo }),
    })
  }
  return journaled
}
