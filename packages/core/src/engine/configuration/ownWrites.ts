/**
 * What this process wrote to a sync lately. Reads may not show it yet: until then it counts over what they show, so that no
 * read spares a pause, a resume or a delete, and no full replacement sends back an older state.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type { SyncChange } from "../../driver/Administration.ts"
import type { WorkspaceContext } from "../context.ts"
import { type Instant, instant, since } from "../trigger/elapsed.ts"
import type { OwnWrite } from "./ownWrite.ts"

/** What this process wrote to a sync lately. */
export interface Recent {
  /** The fields that it wrote and that reads may not show yet, the latest value of each. */
  readonly fields: SyncChange<object>
  /** The fields that it wrote or sent back, also those that have to be shown by now, unless they take effect late. */
  readonly written: SyncChange<object>
  /** How many milliseconds ago it wrote each field; not of those that it sent back. */
  readonly ages: Readonly<Record<string, number>>
  /** Whether it deleted the sync. */
  readonly isGone: boolean
  /** The ids of the entries of these writes. */
  readonly entries: ReadonlySet<string>
}

/** The most writes that are remembered of a sync. */
const atMost = 16

/** How long a change whose answer was lost, or does not show it, may still take effect and become visible. */
export const settlesWithin = ({ runAppearsWithin, readLag }: WorkspaceContext): Duration.Duration =>
  Duration.sum(runAppearsWithin, readLag)

/** Remembers a write. `isShown` says whether the vendor's answer showed it. */
export const note = (
  context: WorkspaceContext,
  identity: string,
  what: OwnWrite["what"],
  isShown: boolean,
  entry?: string,
  sentBack: SyncChange<object> = {},
): Effect.Effect<void> =>
  Effect.map(instant, (at) => {
    const { writes } = context.shared
    const earlier = writes.get(identity) ?? []
    writes.set(identity, [...earlier.slice(1 - atMost), { at, isShown, what, entry, sentBack }])
  })

/** Remembers of the latest write that a read has shown it now: from then on only reads lag behind. */
export const confirm = (context: WorkspaceContext, identity: string): Effect.Effect<void> =>
  Effect.map(instant, (at) => {
    const { writes } = context.shared
    const earlier = writes.get(identity) ?? []
    writes.set(
      identity,
      earlier.map((write, index) => (index === earlier.length - 1 ? { ...write, at, isShown: true } : write)),
    )
  })

/** Returns what this process wrote to a sync that reads may not show yet. */
export const recent = (context: WorkspaceContext, identity: string): Effect.Effect<Recent> =>
  Effect.map(instant, (now) => recentAt(context, identity, now))

/** As `recent`, at an instant. */
export const recentAt = (context: WorkspaceContext, identity: string, now: Instant): Recent => {
  const [lag, settles] = [Duration.toMillis(context.readLag), Duration.toMillis(settlesWithin(context))]
  const lately = (context.shared.writes.get(identity) ?? []).filter(({ at }) => since(at, now) <= settles)
  let fields: SyncChange<object> = {}
  let written: SyncChange<object> = {}
  const ages: Record<string, number> = {}
  let isGone = false
  for (const { what, at, isShown, sentBack = {} } of lately) {
    if (typeof what !== "string") {
      written = merged(merged(written, sentBack), what)
      for (const field of Object.keys(what)) ages[field] = since(at, now)
    }
    if (isShown && since(at, now) > lag) continue
    if (what === "deleted") [fields, isGone] = [{}, true]
    else if (what === "created") isGone = false
    else fields = merged(fields, what)
  }
  return { fields, written, ages, isGone, entries: new Set(lately.flatMap(({ entry }) => entry ?? [])) }
}

/** Returns a change followed by another. */
export const merged = <ChangedSpec extends object>(
  { spec: earlier, ...fields }: SyncChange<ChangedSpec>,
  { spec: later, ...others }: SyncChange<ChangedSpec>,
): SyncChange<ChangedSpec> => ({
  ...fields,
  ...others,
  ...((earlier ?? later) !== undefined && { spec: Object.assign({}, earlier, later) }),
})

/** Returns whether a value that was written lately differs from one that is requested now, in a field that both name. */
export const differs = (written: unknown, requested: unknown): boolean => {
  if (written === undefined || requested === undefined) return false
  if (!isFields(written) || !isFields(requested)) return !Equal.equals(written, requested)
  return Object.keys(requested).some((name) => differs(Reflect.get(written, name), Reflect.get(requested, name)))
}

/** Returns whether two changes name the same field. */
export const overlap = (one: unknown, other: unknown): boolean => {
  if (one === undefined || other === undefined) return false
  if (!isFields(one) || !isFields(other)) return true
  return Object.keys(other).some((name) => overlap(Reflect.get(one, name), Reflect.get(other, name)))
}

const isFields = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !Equal.isEqual(value)
