/**
 * One change in the journal: who makes it, what it holds, and what its entry says.
 *
 * A change holds the turn and the lease of its sync or, for a create, of its ends. Its entry is marked right before each of
 * its first requests, so that a process after a crash reads that it may have been sent.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { sha256 } from "../../http/sha256.ts"
import type { Change } from "../../journal/Journal.ts"
import type { ChangeEntry, Draft, JournalEntry, Owner } from "../../model/JournalEntry.ts"
import * as Json from "../../model/Json.ts"
import { TriggerBusy } from "../../model/Reason.ts"
import type { SyncRef } from "../../model/Ref.ts"
import { RetlError } from "../../model/RetlError.ts"
import * as Logging from "../../telemetry/logging.ts"
import type { WorkspaceContext } from "../context.ts"
import * as Entries from "../entries.ts"
import { Priority } from "../rate-limit/rateLimit.ts"
import * as RetryLoop from "../retryLoop.ts"
import * as Call from "../trigger/call.ts"
import { type Instant, instant } from "../trigger/elapsed.ts"
import * as Hold from "../trigger/hold.ts"
import * as Detached from "./detached.ts"

/** What recognizes a change. */
export interface Subject {
  readonly kind: ChangeEntry["kind"]
  /** The name of the portable operation. */
  readonly operation: string
  /** What leases, open entries and keys go by. */
  readonly identity: string
  readonly fingerprint: ChangeEntry["fingerprint"]
  /** The sync; absent for a create. */
  readonly sync?: SyncRef
  /** The caller's key. */
  readonly key?: string
  /** The caller's word that nothing else creates syncs of these ends. */
  readonly exclusive?: boolean
}

/** A change that is under way. */
export interface ChangeCall extends Hold.Holder {
  readonly owner: Owner
  readonly subject: Subject
  readonly hold: Hold.Hold
  /** Marks a request as a write. */
  readonly markWrite: Detached.MarkWrite
  /** When the call came to its turn. */
  readonly begunAt: Instant
  /** Its entry, once it has one: `claimed` while nothing was sent under it. */
  entry: JournalEntry | undefined
}

/** Returns the identity of the changes of a sync: a trigger of the sync does not keep them apart. */
export const identityOfSync = (context: WorkspaceContext, ids: object): string => `change ${context.identityOfIds(ids)}`

/** Returns the identity of creates of these ends. */
export const identityOfEnds = (context: WorkspaceContext, ends: Readonly<Record<string, string>>): string =>
  `create ${sha256(JSON.stringify([context.vendor, context.baseUrl, Object.entries(ends).sort()]))}`

/** Returns the digest of what a change requests: whether two are the same, and nothing about their settings. */
export const digestOf = (requested: unknown): string => sha256(textOf(requested))

/** Returns a value as JSON whose fields are in order. */
export const textOf = (value: unknown): string => Json.stringify(canonical(value)) ?? ""

/** Returns a value whose fields are in order. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical)
  if (!Json.isPlain(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, canonical(Reflect.get(value, name))]),
  )
}

/** Runs a change within its hold, in the workspace's scope once its first request has left. */
export const run = <A, E extends { readonly code: string }>(
  context: WorkspaceContext,
  subject: Subject,
  work: (call: ChangeCall) => Effect.Effect<A, E>,
): Effect.Effect<A, E | RetlError> =>
  Detached.run(context, subject, (markWrite) =>
    Effect.flatMap(Call.generateOwner, (owner) => within(context, subject, owner, markWrite, work)),
  )

/** Runs a part of a change within a hold of its own. */
export const within = <A, E>(
  context: WorkspaceContext,
  subject: Subject,
  owner: Owner,
  markWrite: Detached.MarkWrite,
  work: (call: ChangeCall) => Effect.Effect<A, E>,
): Effect.Effect<A, E | RetlError> => {
  const holder = { owner, identity: subject.identity, request: {} }
  return Hold.within(context, holder, (hold) =>
    Effect.flatMap(instant, (begunAt) => work({ ...holder, subject, hold, markWrite, begunAt, entry: undefined })),
  ).pipe(Effect.mapError(naming(subject.operation)))
}

/** Names the operation in an error, which may be of the hold or the journal. */
const naming =
  (operation: string) =>
  <E>(error: E): E =>
    error instanceof RetlError ? (error.with({ operation }) as E & RetlError) : error

/**
 * Sends the first request of a change, within the rate limit; sends it again only where it provably did nothing. Runs
 * `prepare` right before each.
 */
export const send = <A>(
  context: WorkspaceContext,
  call: ChangeCall,
  before: ReadonlyArray<SyncRef>,
  request: Effect.Effect<A, RetlError>,
  prepare: Effect.Effect<void> = Effect.void,
): Effect.Effect<A, RetlError> =>
  write(context, call, recorded(context, call, before, request), call.subject.kind, prepare)

/** As `send`, of a later request: the entry says already that the change may have happened. */
export const sendMore = <A>(
  context: WorkspaceContext,
  call: ChangeCall,
  request: Effect.Effect<A, RetlError>,
): Effect.Effect<A, RetlError> => write(context, call, call.markWrite(request), "update", Effect.void)

const write = <A>(
  context: WorkspaceContext,
  { subject: { operation } }: ChangeCall,
  request: Effect.Effect<A, RetlError>,
  limit: ChangeEntry["kind"],
  prepare: Effect.Effect<void>,
): Effect.Effect<A, RetlError> =>
  RetryLoop.write(
    Effect.andThen(prepare, context.rateLimit.within(limit, Priority.write)(request)).pipe(
      Effect.mapError((error) => error.with({ operation })),
    ),
  )

/** Marks the entry, sends the request, and writes what its answer proves. An interrupt before the request undoes the mark. */
const recorded = <A>(
  context: WorkspaceContext,
  call: ChangeCall,
  before: ReadonlyArray<SyncRef>,
  request: Effect.Effect<A, RetlError>,
): Effect.Effect<A, RetlError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const id = call.entry?.id ?? (yield* Call.generateId)
      const undo = Effect.suspend(() =>
        Effect.asVoid(context.closing.background(Entries.undo(context, call.owner, id))),
      )
      yield* Effect.onError(restore(mark(context, call, id, before)), () => undo)
      let hasBegun = false
      const begun = Effect.suspend(() => {
        hasBegun = true
        return request
      })
      const exit = yield* Effect.exit(restore(call.markWrite(begun)))
      if (hasBegun) yield* noteAnswer(context, call, exit)
      else yield* undo
      return yield* exit
    }),
  )

/** Marks the entry of a change that consists of several others. An interrupt before that undoes it. */
export const begin = (
  context: WorkspaceContext,
  call: ChangeCall,
  before: ReadonlyArray<SyncRef>,
): Effect.Effect<void, RetlError> =>
  Effect.flatMap(Call.generateId, (id) =>
    Effect.onError(context.closing.until(mark(context, call, id, before)), () =>
      context.closing.background(Entries.undo(context, call.owner, id)),
    ),
  )

const mark = Effect.fnUntraced(function* (
  context: WorkspaceContext,
  call: ChangeCall,
  id: string,
  syncs: ReadonlyArray<SyncRef>,
): Effect.fn.Return<void, RetlError> {
  const { store, writeTimeout, runAppearsWithin, error } = context
  const { operation, exclusive = false } = call.subject
  const marked = yield* store.mark({
    ...{ lease: call.hold.lease, entry: call.entry ?? draftOf(context, call, id) },
    ...{ fence: { syncs }, exclusive, writeTimeout, runAppearsWithin },
  })
  switch (marked._tag) {
    case "Marked": {
      call.entry = marked.stored.entry
      yield* Entries.forget(context)
      if (!(yield* call.hold.isFresh)) return yield* error(operation, new TriggerBusy({}))
      return
    }
    case "Blocked":
      return yield* marked.by._tag === "Unreadable"
        ? context.unreadableRecord(operation, marked.by)
        : error(operation, new TriggerBusy({ owner: marked.by.entry.owner, entry: marked.by.entry.id }))
    default:
      return yield* error(operation, new TriggerBusy({}))
  }
})

/** Returns the draft of the change's entry. */
export const draftOf = (context: WorkspaceContext, { identity, subject }: ChangeCall, id: string): Draft => ({
  id,
  identity,
  kind: subject.kind,
  vendor: context.vendor,
  baseUrl: context.baseUrl,
  workspace: context.name,
  fingerprint: subject.fingerprint,
  ...(subject.sync !== undefined && { sync: subject.sync }),
  ...(subject.key !== undefined && { key: subject.key }),
})

/** Writes what an answer proves. An interrupt, or a defect, proves nothing: the entry stays as it was marked. */
const noteAnswer = (
  context: WorkspaceContext,
  call: ChangeCall,
  exit: Exit.Exit<unknown, RetlError>,
): Effect.Effect<void> => {
  if (Exit.isSuccess(exit)) return note(context, call, { state: "started" })
  const failure = Exit.findErrorOption(exit)
  if (Option.isNone(failure)) return Effect.void
  if (failure.value.delivery === "unknown") return note(context, call, { state: "lost" })
  return call.subject.key === undefined
    ? drop(context, call)
    : note(context, call, { state: "claimed", lease: context.journalLease })
}

/** Writes what became of the entry. Where the store fails, tries again without the caller, until the workspace closes. */
export const note = (context: WorkspaceContext, call: ChangeCall, change: Change): Effect.Effect<void> => {
  const update = Effect.suspend(() =>
    call.entry === undefined
      ? Effect.void
      : Effect.map(context.store.update(call.entry, change, call.owner), (updated) => {
          if (updated._tag === "Updated") call.entry = updated.stored.entry
        }),
  )
  return inBackgroundIfNeeded(context, call, update)
}

/** Removes the entry, under which provably nothing was done: its key is free. */
export const drop = (context: WorkspaceContext, call: ChangeCall): Effect.Effect<void> => {
  const { entry } = call
  if (entry === undefined) return Effect.void
  call.entry = undefined
  return inBackgroundIfNeeded(context, call, Effect.asVoid(context.store.remove(entry, call.owner)))
}

const inBackgroundIfNeeded = (
  context: WorkspaceContext,
  { subject }: ChangeCall,
  work: Effect.Effect<void, RetlError>,
): Effect.Effect<void> =>
  Effect.catch(work, (error) =>
    Logging.warn("The journal could not be written: core tries again", {
      ...{ ...Detached.annotationsOf(context, subject), error: error.code },
    }).pipe(
      Effect.andThen(
        context.closing.background(
          Effect.ignore(Effect.retry(work, RetryLoop.steady)),
          Logging.error("What became of a change was left unwritten", Detached.annotationsOf(context, subject)),
        ),
      ),
      Effect.asVoid,
    ),
  )
