/** What became of a change whose answer was lost, or does not show it: looks, and never sends it again. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Writes } from "../../Administration.ts"
import type { Reads, Requests, Snapshot } from "../../Catalog.ts"
import * as BoundedMap from "../../driver/BoundedMap.ts"
import { type Change, ChangeIndeterminate, type Definition } from "../../model/Change.ts"
import { UnexpectedResponse } from "../../model/Reason.ts"
import type { VendorIds } from "../../model/Ref.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { WorkspaceContext } from "../context.ts"
import * as Retry from "../retry.ts"
import * as Catalog from "./catalog.ts"
import * as Changes from "./changes.ts"

/** The syncs that were there before a create, by their ids as text; `undefined` where they could not be read. */
type Before = ReadonlySet<string> | undefined

/** A sync as it was seen last, and what went wrong where it could not be seen. */
export interface Seen {
  readonly snapshot?: Snapshot
  readonly error?: RetlError
}

export interface LostChange {
  /** Reads what is there before a create. Only a vendor that closes its list leaves that open. */
  readonly before: (requests: Requests, definition: Definition) => Effect.Effect<Before, RetlError>
  /** Remembers what a create has made: no other create takes it for its own while it may be slow to show. */
  readonly claim: (made: Snapshot) => Effect.Effect<void>
  /** Forgets it again, once it is deleted: a vendor may give its ids to the next one. */
  readonly forget: (deleted: VendorIds) => void
  /** Whether a sync that a create was answered with was there before: then nothing was made. */
  readonly isOld: (answered: Snapshot, before: Before) => Effect.Effect<boolean>
  /** Whether a sync could be the one that was asked for: like it, and not firing though nobody asked for that. */
  readonly couldBe: (definition: Definition, one: Snapshot) => boolean
  /** Fails: nothing tells which of these it is, or whether it is one of them. */
  readonly unclear: (
    definition: Definition,
    found: ReadonlyArray<Snapshot>,
    error?: RetlError,
  ) => Effect.Effect<never, ChangeIndeterminate>
  /**
   * The sync that a create has made. Where the answer was lost, nothing is taken for it before the settle window is over:
   * until then it may yet come beside another.
   */
  readonly created: (
    requests: Requests,
    definition: Definition,
    before: Before,
    error: RetlError | undefined,
  ) => Effect.Effect<Snapshot, RetlError | ChangeIndeterminate>
  /** The sync as it is once it shows the change, or else as it is in the end. */
  readonly update: (
    requests: Requests,
    sync: VendorIds,
    change: Change,
    unsaid: "missing" | "done",
  ) => Effect.Effect<Seen>
  /** Whether the sync is gone, or is so as soon as reads show what was asked for. */
  readonly deleted: (requests: Requests, sync: VendorIds, delivery: RetlError["delivery"]) => Effect.Effect<boolean>
  /** The sync, or nothing where there is none. */
  readonly look: (requests: Requests, sync: VendorIds) => Effect.Effect<Snapshot | undefined, RetlError>
}

export const make = (context: WorkspaceContext, reads: Reads, writes: Writes): LostChange => {
  /** When each was made, by its ids as text. */
  const own = BoundedMap.make<number>(1_024)

  const look: LostChange["look"] = (requests, sync) =>
    Effect.catchIf(
      reads.get(requests, sync),
      ({ reason }) => reason._tag === "NotFound" && reason.what !== "workspace",
      () => Effect.succeed(undefined),
    )

  /** Looks with growing pauses until there is something to say, or time is up. Trouble on the way is one look less. */
  const until = Effect.fnUntraced(function* <A>(
    time: Duration.Duration,
    once: Effect.Effect<A | undefined, RetlError>,
  ): Effect.fn.Return<A | undefined> {
    const end = (yield* Clock.currentTimeMillis) + Duration.toMillis(time)
    for (let attempt = 1; ; attempt++) {
      const seen = yield* Effect.result(once)
      if (seen._tag === "Success" && seen.success !== undefined) return seen.success
      if ((yield* Clock.currentTimeMillis) >= end) return undefined
      yield* Effect.sleep(Retry.pause(attempt + 1))
    }
  })

  /** As long as a change whose answer was lost may still take effect and then be visible. */
  const lostFor = Duration.sum(context.runAppearsWithin, context.readLag)

  const isKnown = ({ ids }: Snapshot, before: Before, now: number): boolean => {
    const madeAt = own.get(keyOf(ids))
    return before?.has(keyOf(ids)) === true || (madeAt !== undefined && now - madeAt <= Duration.toMillis(lostFor))
  }

  const couldBe: LostChange["couldBe"] = (definition, one) =>
    writes.isLike(definition, one) && !Changes.firesUnasked(definition, one, writes.schedules)

  const unclear: LostChange["unclear"] = Effect.fnUntraced(function* (definition, found, error) {
    const candidates = yield* Effect.forEach(found, (one) =>
      Effect.option(Catalog.toRef(context, "createSync", one.ids)),
    )
    return yield* new ChangeIndeterminate({
      operation: "create",
      candidates: candidates.flatMap(Option.toArray),
      wanted: definition,
      error: error ?? context.error("createSync", new UnexpectedResponse({ issues: [unsaid] }), "unknown"),
    })
  })

  const created: LostChange["created"] = Effect.fnUntraced(function* (requests, definition, before, error) {
    let found: ReadonlyArray<Snapshot> = []
    const asked = yield* Clock.currentTimeMillis
    const only = Effect.map(writes.listCandidates(requests, definition), (all) => {
      found = all.filter((one) => !isKnown(one, before, asked) && couldBe(definition, one))
      return found.length === 1 && before !== undefined ? found[0] : undefined
    })
    if (error !== undefined) yield* Effect.sleep(context.runAppearsWithin)
    const seen = yield* until(context.readLag, only)
    if (seen !== undefined) return seen
    return yield* unclear(definition, found, error)
  })

  return {
    look,
    couldBe,
    unclear,
    created,
    claim: ({ ids }) => Effect.map(Clock.currentTimeMillis, (now) => void own.set(keyOf(ids), now)),
    forget: (ids) => own.delete(keyOf(ids)),
    isOld: (answered, before) => Effect.map(Clock.currentTimeMillis, (now) => isKnown(answered, before, now)),
    before: (requests, definition) =>
      writes.listCandidates(requests, definition).pipe(
        Effect.map((all): Before => new Set(all.map(({ ids }) => keyOf(ids)))),
        Effect.catchIf(
          ({ reason }) => reason._tag === "Unsupported",
          () => Effect.succeed(undefined),
        ),
        Effect.mapError((error) => error.with({ delivery: "not-sent" })),
      ),
    update: Effect.fnUntraced(function* (requests, sync, change, unsaid) {
      let seen: Seen = {}
      const shown = reads.get(requests, sync).pipe(
        Effect.tapError((error) => Effect.sync(() => (seen = { ...seen, error }))),
        Effect.map((snapshot) => {
          seen = { snapshot }
          return Changes.remaining(change, snapshot, writes, unsaid) === undefined ? true : undefined
        }),
      )
      yield* until(unsaid === "done" ? context.readLag : lostFor, shown)
      return seen
    }),
    deleted: (requests, sync, delivery) =>
      Effect.map(
        until(
          delivery === "unknown" ? lostFor : context.readLag,
          Effect.map(look(requests, sync), (snapshot) => (snapshot === undefined ? true : undefined)),
        ),
        (gone) => gone === true,
      ),
  }
}

const unsaid = { path: ["id"], message: "Expected the id of what was created" }

const keyOf = (ids: VendorIds): string => JSON.stringify(Object.entries(ids).sort())
