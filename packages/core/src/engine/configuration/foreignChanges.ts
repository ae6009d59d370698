/**
 * What somebody else changed of a sync while an update replaced it. Such an update sends back what was read, so that a change
 * between the read and the request is undone. Core reads right before the request, looks once more after it, and reports what
 * differs. It cannot see a change whose only trace its own request has overwritten.
 */
import * as Effect from "effect/Effect"
import * as EffectSchedule from "effect/Schedule"
import type { AdministrationPart, SyncChange } from "../../driver/Administration.ts"
import type { Snapshot } from "../../driver/Catalog.ts"
import * as Redaction from "../../http/redaction.ts"
import type { ForeignChange } from "../../model/Change.ts"
import * as Logging from "../../telemetry/logging.ts"
import type { WorkspaceContext } from "../context.ts"
import * as RetryLoop from "../retryLoop.ts"
import { type ChangeCall, textOf } from "./changeCall.ts"
import { type ChangeContext, readSync } from "./changeContext.ts"
import * as Detached from "./detached.ts"
import * as Remaining from "./remaining.ts"

/** Returns the fields that a change does not name and that two snapshots show with other values. */
const differences = <Ids, Native, Spec, ChangedSpec extends object>(
  { replaces = () => ({}) }: AdministrationPart<Ids, Native, Spec, ChangedSpec>,
  { spec, ...portable }: SyncChange<ChangedSpec>,
  before: Snapshot<Ids, Native>,
  after: Snapshot<Ids, Native>,
  absent: "unreported" | "gone",
): ReadonlyArray<ForeignChange> => {
  const [was, is] = [replaces(before), replaces(after)]
  const named = { ...portable, ...spec }
  return Object.keys(was).flatMap((field) => {
    const [old, now] = [was[field], is[field]]
    const isComparable = old !== undefined && (now !== undefined || absent === "gone")
    if (!isComparable || Object.hasOwn(named, field) || textOf(old) === textOf(now)) return []
    return [{ field, before: old, ...(now !== undefined && { after: now }) }]
  })
}

/**
 * Reads the sync right before its update, once more where that differs from `current` in what the change does not name: then
 * somebody is at work on it, and reads may lag behind. Returns `current` where it cannot be read.
 */
export const latest = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec extends object>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  operation: string,
  current: Snapshot<Ids, Native>,
  change: SyncChange<ChangedSpec>,
): Effect.fn.Return<Snapshot<Ids, Native>> {
  const read = Effect.orElseSucceed(readSync(changes, operation, current.ids), () => undefined)
  const again = yield* read
  if (again === undefined) return current
  if (differences(changes.part, change, current, again, "gone").length === 0) return again
  yield* Effect.sleep(changes.context.readLag)
  return (yield* read) ?? again
})

/** What looks after an update show. */
export interface Seen<Ids, Native> {
  readonly fields: ReadonlyArray<ForeignChange>
  /** The sync as the last look showed it, or the answer. */
  readonly snapshot: Snapshot<Ids, Native>
}

/** When looks at reads that lag behind begin. */
const lookTimes = /* @__PURE__ */ EffectSchedule.fixed("5 seconds")

/**
 * Looks at a sync after its update, until a read shows the update or that takes longer than reads lag behind. A read from before
 * the update shows what the update has undone. `before` is the sync right before, `answered` the vendor's answer. An update that
 * replaces nothing (`isPartial`) undoes nothing; somebody may have undone it.
 */
export const find = Effect.fnUntraced(function* <Ids extends object, Native, Spec, ChangedSpec extends object>(
  changes: ChangeContext<Ids, Native, Spec, ChangedSpec>,
  { subject }: ChangeCall,
  change: SyncChange<ChangedSpec>,
  before: Snapshot<Ids, Native>,
  answered: Snapshot<Ids, Native>,
  isForced: boolean,
  isPartial: boolean,
): Effect.fn.Return<Seen<Ids, Native>> {
  const { context, part } = changes
  const found = new Map<string, ForeignChange>()
  const note = (fields: ReadonlyArray<ForeignChange>) => {
    for (const foreign of fields) found.set(foreign.field, foreign)
  }
  const isShownBy = (snapshot: Snapshot<Ids, Native>) =>
    Remaining.remaining(change, snapshot, part, "done") === undefined
  // Reads that showed the update before it do not show when they are from. A forced one is followed by another change at once.
  const isTelling = isForced || !isShownBy(before)
  let latestSeen: Snapshot<Ids, Native> | undefined
  const look = Effect.map(readSync(changes, subject.operation, before.ids), (seen) => {
    if (seen === undefined) return undefined
    latestSeen = seen
    if (!isPartial) note(differences(part, change, before, seen, "gone"))
    return isTelling && isShownBy(seen) ? seen : undefined
  })
  const shown = yield* RetryLoop.until(context.readLag, look, lookTimes)
  if (shown === undefined) {
    if (!isPartial) note(differences(part, change, before, answered, "unreported"))
    // The answer showed the update, and reads do not: somebody has undone it.
    const undone = latestSeen === undefined ? [] : differences(part, {}, answered, latestSeen, "gone")
    note(undone.filter(({ field }) => Object.hasOwn({ ...change, ...change.spec }, field)))
  }
  const fields = Array.from(found.values())
  if (fields.length > 0) yield* report(context, subject, fields)
  return { fields: Redaction.inside(fields, context.redact), snapshot: latestSeen ?? answered }
})

const report = (
  context: WorkspaceContext,
  subject: ChangeCall["subject"],
  fields: ReadonlyArray<ForeignChange>,
): Effect.Effect<void> =>
  Logging.warn("Another hand changed the sync while it was updated", {
    ...Detached.annotationsOf(context, subject),
    fields: fields.map(({ field }) => field),
  })
