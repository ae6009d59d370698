/** What became of a change whose answer was lost, or does not show it: looks, and never sends it again. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { AdministrationPart, NewSync, SyncChange } from "../../driver/Administration.ts"
import * as BoundedMap from "../../driver/BoundedMap.ts"
import type { CatalogPart, Requests, Snapshot } from "../../driver/Catalog.ts"
import { ChangeIndeterminate, type Definition } from "../../model/Change.ts"
import { UnexpectedResponse } from "../../model/Reason.ts"
import type { RetlError } from "../../model/RetlError.ts"
import type { WorkspaceContext } from "../context.ts"
import * as Retry from "../retry.ts"
import * as Catalog from "./catalog.ts"
import * as Remaining from "./remaining.ts"

/** The identities of the syncs that were there before a create; `undefined` where they could not be read. */
export type Before = ReadonlySet<string> | undefined

/** A sync as it was seen last, and what went wrong where it could not be seen. */
export interface Seen<Ids, Native> {
  readonly snapshot?: Snapshot<Ids, Native>
  readonly error?: RetlError
}

/** A new sync, as core decoded it and as the caller passed it. */
export interface Wanted<Spec> {
  readonly sync: NewSync<Spec>
  readonly definition: Definition
}

export const make = <Ids extends object, Native, Spec, ChangedSpec>(
  context: WorkspaceContext,
  catalog: CatalogPart<Ids, Native>,
  part: AdministrationPart<Ids, Native, Spec, ChangedSpec>,
) => {
  /** When this process created a sync, by its identity. */
  const createdAt = BoundedMap.make<number>(1_024)

  /** As long as a change whose answer was lost may still take effect and then be visible. */
  const lostFor = Duration.sum(context.runAppearsWithin, context.readLag)

  const wasThere = ({ ids }: Snapshot<Ids, Native>, before: Before, now: number): boolean => {
    const identity = context.identityOfIds(ids)
    const created = createdAt.get(identity)
    return before?.has(identity) === true || (created !== undefined && now - created <= Duration.toMillis(lostFor))
  }

  /** Reads the sync; `undefined` where there is none. */
  const look = (requests: Requests, sync: Ids) =>
    Effect.catchIf(
      catalog.get(requests, sync),
      ({ reason }) => reason._tag === "NotFound" && reason.what !== "workspace",
      () => Effect.succeed(undefined),
    )

  /** Whether a sync could be the wanted one: it matches, and does not fire in a way that the definition does not say. */
  const couldBe = (sync: NewSync<Spec>, snapshot: Snapshot<Ids, Native>): boolean =>
    part.matches(sync, snapshot) && !Remaining.firesUnrequested(sync, snapshot, part.schedules)

  /** Fails: reads cannot settle which of these syncs it is, or whether it is one of them. */
  const indeterminate = Effect.fnUntraced(function* (
    definition: Definition,
    snapshots: ReadonlyArray<Snapshot<Ids, Native>>,
    error?: RetlError,
  ) {
    const candidates = yield* Effect.forEach(snapshots, ({ ids }) =>
      Effect.option(Catalog.toRef(context, "createSync", ids)),
    )
    return yield* new ChangeIndeterminate({
      operation: "create",
      candidates: candidates.flatMap(Option.toArray),
      wanted: definition,
      error: error ?? context.error("createSync", new UnexpectedResponse({ issues: [idMissing] }), "unknown"),
    })
  })

  return {
    look,
    couldBe,
    indeterminate,
    /** Remembers what a create has made: no other create takes it for its own while reads may not show it yet. */
    claim: ({ ids }: Snapshot<Ids, Native>) =>
      Effect.map(Clock.currentTimeMillis, (now) => void createdAt.set(context.identityOfIds(ids), now)),
    /** Forgets a sync that is deleted: a vendor may give its ids to the next one. */
    forget: (ids: Ids) => createdAt.delete(context.identityOfIds(ids)),
    /** Whether a sync that the vendor answered a create with was there before: then nothing was created. */
    isOld: (answered: Snapshot<Ids, Native>, before: Before) =>
      Effect.map(Clock.currentTimeMillis, (now) => wasThere(answered, before, now)),

    /** Reads which syncs are there before a create. A vendor that closes its list leaves that open. */
    before: (requests: Requests, sync: NewSync<Spec>): Effect.Effect<Before, RetlError> =>
      part.listCandidates(requests, sync).pipe(
        Effect.map((snapshots): Before => new Set(snapshots.map(({ ids }) => context.identityOfIds(ids)))),
        Effect.catchIf(
          ({ reason }) => reason._tag === "Unsupported",
          () => Effect.succeed(undefined),
        ),
        Effect.mapError((error) => error.with({ delivery: "not-sent" })),
      ),

    /**
     * Finds the sync that a create has made. Where the answer was lost, no sync is taken for it before the time is over in
     * which it may still appear beside another.
     */
    findCreated: Effect.fnUntraced(function* (
      requests: Requests,
      { sync, definition }: Wanted<Spec>,
      before: Before,
      error: RetlError | undefined,
    ): Effect.fn.Return<Snapshot<Ids, Native>, RetlError | ChangeIndeterminate> {
      let candidates: ReadonlyArray<Snapshot<Ids, Native>> = []
      const start = yield* Clock.currentTimeMillis
      const onlyCandidate = Effect.map(part.listCandidates(requests, sync), (snapshots) => {
        candidates = snapshots.filter((snapshot) => !wasThere(snapshot, before, start) && couldBe(sync, snapshot))
        return candidates.length === 1 && before !== undefined ? candidates[0] : undefined
      })
      if (error !== undefined) yield* Effect.sleep(context.runAppearsWithin)
      const created = yield* Retry.until(context.readLag, onlyCandidate)
      return created ?? (yield* indeterminate(definition, candidates, error))
    }),

    /** Returns the sync once it shows the change, or else as it was seen last. */
    findUpdated: Effect.fnUntraced(function* (
      requests: Requests,
      sync: Ids,
      change: SyncChange<ChangedSpec>,
      unreported: Remaining.Unreported,
    ): Effect.fn.Return<Seen<Ids, Native>> {
      let seen: Seen<Ids, Native> = {}
      const isDone = catalog.get(requests, sync).pipe(
        Effect.tapError((error) => Effect.sync(() => (seen = { ...seen, error }))),
        Effect.map((snapshot) => {
          seen = { snapshot }
          return Remaining.remaining(change, snapshot, part, unreported) === undefined ? true : undefined
        }),
      )
      yield* Retry.until(unreported === "done" ? context.readLag : lostFor, isDone)
      return seen
    }),

    /** Returns whether the sync is gone, as soon as reads show it. */
    isDeleted: (requests: Requests, sync: Ids, delivery: RetlError["delivery"]): Effect.Effect<boolean> =>
      Effect.map(
        Retry.until(
          delivery === "unknown" ? lostFor : context.readLag,
          Effect.map(look(requests, sync), (snapshot) => (snapshot === undefined ? true : undefined)),
        ),
        (isGone) => isGone === true,
      ),
  }
}

const idMissing = { path: ["id"], message: "Expected the id of what was created" }
