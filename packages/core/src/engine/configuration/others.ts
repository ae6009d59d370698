/** What other calls have left or written lately in the identity of a change: the journal says it. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Snapshot } from "../../driver/Catalog.ts"
import type { Stored } from "../../journal/Journal.ts"
import { type ChangeEntry, type JournalEntry, openStates } from "../../model/JournalEntry.ts"
import type { RetlError } from "../../model/RetlError.ts"
import * as Logging from "../../telemetry/logging.ts"
import type { WorkspaceContext } from "../context.ts"
import { type ChangeCall, digestOf } from "./changeCall.ts"
import * as Detached from "./detached.ts"
import { type Recent, settlesWithin } from "./ownWrites.ts"

/**
 * Gives up the entries of earlier changes of the sync that may have been sent and are not settled. The caller holds the
 * lease, so their calls have ended. They may still take effect for a while, so that reads prove nothing about this change
 * until then.
 */
export const giveUp = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  call: ChangeCall,
): Effect.fn.Return<void, RetlError> {
  const { entries } = yield* context.store.list({ identity: call.identity, states: openStates })
  for (const { entry } of entries) {
    yield* context.store.update(entry, { state: "abandoned", candidates: [] }, call.owner)
    yield* Logging.warn("An earlier change of the sync may have happened: it is given up", {
      ...Detached.annotationsOf(context, call.subject),
      entry: entry.id,
      was: entry.kind,
    })
  }
})

/** What others wrote to the sync through the journal lately. */
export interface Others {
  /** For how many milliseconds reads may not show it, where it took effect with its answer; 0 where they show all of it. */
  readonly hiddenFor: number
  /** Whether there is any that reads may not show, also where it takes effect late. */
  readonly areRecent: boolean
  /** What this process wrote lately, without the fields that others have written since. */
  readonly keptFields: Recent["fields"]
  /** How long ago this process wrote each of its fields, without the same ones. */
  readonly keptAges: Recent["ages"]
  /** The entries of changes that nothing has proven, with when they were read. */
  readonly unproven: ReadonlyArray<Unproven>
  /** Returns how long ago, in milliseconds, those of the changes were made that a read contradicts: they may take effect late. */
  readonly contradicted: (snapshot: Shown) => ReadonlyArray<number>
}

/** What a read shows of the fields that entries know about. */
type Shown = Pick<Snapshot<unknown, unknown>, "state" | "isSwitchedOn" | "name" | "schedule">

/** A change that nothing has proven: it may still take effect. */
export interface Unproven {
  readonly entry: Extract<ChangeEntry, { readonly state: "sent" | "lost" | "abandoned" }>
  readonly readAt: DateTime.Utc
}

/** Returns what others wrote to the sync through the journal. What this process wrote is known by `own`. */
export const recent = (
  context: WorkspaceContext,
  { identity }: ChangeCall,
  own: Recent,
): Effect.Effect<Others, RetlError> =>
  Effect.map(context.store.list({ identity, states, limit: 20 }), ({ entries }) => {
    const settles = Duration.toMillis(settlesWithin(context))
    const theirs = entries.filter(({ entry }) => !own.entries.has(entry.id))
    const age = Math.min(...theirs.map(({ entry, readAt }) => ageOf(entry, readAt)))
    const isKept = ([field]: readonly [string, unknown]): boolean =>
      !theirs.some(
        ({ entry, readAt }) => ageOf(entry, readAt) < (own.ages[field] ?? 0) && fieldsOf(entry).includes(field),
      )
    return {
      hiddenFor: Math.max(0, Duration.toMillis(context.readLag) - age),
      areRecent: age <= settles,
      keptFields: Object.fromEntries(Object.entries(own.fields).filter(isKept)),
      keptAges: Object.fromEntries(Object.entries(own.ages).filter(isKept)),
      unproven: theirs.flatMap(({ entry, readAt }) => (isUnproven(entry) ? [{ entry, readAt }] : [])),
      contradicted: (snapshot) => contradictedAges(theirs, own, snapshot).filter((age) => age <= settles),
    }
  })

/** Returns the ages of changes that a snapshot contradicts in a field that neither a later one nor this process has set. */
const contradictedAges = (theirs: ReadonlyArray<Stored>, own: Recent, snapshot: Shown): ReadonlyArray<number> => {
  const { state, isSwitchedOn = state === "unknown" ? undefined : state === "enabled", name, schedule } = snapshot
  const shown: Readonly<Record<string, unknown>> = { enabled: isSwitchedOn, name, schedule }
  const later = new Set<string>()
  return theirs
    .map(({ entry, readAt }) => ({ entry, age: ageOf(entry, readAt) }))
    .sort((one, other) => one.age - other.age)
    .flatMap(({ entry, age }) => {
      if (entry.kind !== "update" || isUnproven(entry)) return []
      const { fields = [], enabled, digest } = entry.fingerprint
      const isOpen = (field: string): boolean =>
        shown[field] !== undefined && !later.has(field) && (own.ages[field] ?? age) >= age
      // Of other fields, the journal knows whether all of them are as they were requested.
      const differs =
        (enabled !== undefined && isOpen("enabled") && enabled !== isSwitchedOn) ||
        (fields.every(isOpen) && digestOf(Object.fromEntries(fields.map((field) => [field, shown[field]]))) !== digest)
      for (const field of fields) later.add(field)
      return differs ? [age] : []
    })
}

const isUnproven = (entry: JournalEntry): entry is Unproven["entry"] =>
  entry.kind !== "trigger" && (entry.state === "sent" || entry.state === "lost" || entry.state === "abandoned")

/** Returns the fields that an entry says its change names. */
const fieldsOf = (entry: JournalEntry): ReadonlyArray<string> =>
  entry.kind === "trigger" ? [] : (entry.fingerprint.fields ?? [])

/**
 * Returns for how many milliseconds reads may not show a sync that a create of the journal has made, also where the create
 * takes effect late; 0 where they do.
 */
export const newFor = (context: WorkspaceContext, identity: string): Effect.Effect<number, RetlError> =>
  Effect.map(context.store.list({ states: ["started", "finished"], limit: 1_000 }), ({ entries }) => {
    const ages = entries.flatMap(({ entry, readAt }) =>
      "created" in entry &&
      entry.created !== undefined &&
      entry.baseUrl === context.baseUrl &&
      context.identityOf(entry.created) === identity
        ? [ageOf(entry, readAt)]
        : [],
    )
    return Math.max(0, Duration.toMillis(settlesWithin(context)) - Math.min(...ages))
  })

/** Waits until reads show everything that was written to the sync through the journal, here or elsewhere. */
export const shown = (context: WorkspaceContext, identity: string): Effect.Effect<void, RetlError> =>
  Effect.flatMap(context.store.list({ identity, states, limit: 20 }), ({ entries }) => {
    const waits = entries.map(({ entry, readAt }) => {
      const isProven = entry.state === "started" || entry.state === "finished"
      return Duration.toMillis(isProven ? context.readLag : settlesWithin(context)) - ageOf(entry, readAt)
    })
    return context.closing.until(Effect.sleep(Duration.millis(Math.max(0, ...waits))))
  })

/** Returns for how many milliseconds an entry has been as it is. */
const ageOf = ({ writtenAt }: JournalEntry, readAt: DateTime.Utc): number =>
  DateTime.toEpochMillis(readAt) - DateTime.toEpochMillis(writtenAt)

const states = ["sent", "lost", "started", "finished", "abandoned"] as const
