/**
 * One record of the journal: a trigger, or a change of configuration, and what became of it.
 *
 * An entry outlives its process. It holds what another process needs to find the run again, and no token, no row and no
 * vendor error text. A store sets the times, by its clock.
 *
 * **Editions.** `edition` is the number of this shape. This version writes and reads edition 2; edition 1 was `Intent`.
 * A new field that an older version may ignore keeps the number, because decoding ignores unknown fields. Anything that an
 * older version must not misread raises the number: a new state, a new required field, another meaning of a field. A
 * version never rewrites or forgets a record of another edition. It lists the record as unreadable, and the record stops
 * the marks of its identity only. Two versions can therefore share a store while one replaces the other.
 */
import * as Schema from "effect/Schema"
import * as Tuple from "effect/Tuple"
import { Fence } from "./Fence.ts"
import { RunRef, SyncRef, VendorName, WorkspaceName } from "./Ref.ts"
import { Rows, Status } from "./Run.ts"
import { Scope } from "./Scope.ts"
import { Time } from "./Time.ts"

/** The edition that this version writes and reads. */
export const edition = 2

const lengthBetween = (minimum: number, maximum: number, expected: string) =>
  Schema.String.check(Schema.isMinLength(minimum, { expected }), Schema.isMaxLength(maximum, { expected }))

const wholeFrom = (minimum: number) => Schema.Int.check(Schema.isGreaterThanOrEqualTo(minimum))

/**
 * A key of the caller: it names one occasion, as in `nightly/2026-11-27`, at one sync. 1 to 255 printable characters; a
 * space is one, a line break is none.
 */
export const Key = /* @__PURE__ */ (() => {
  const expected = "a key of 1 to 255 printable characters"
  return lengthBetween(1, 255, expected).check(
    Schema.makeFilter((key: string) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(key), { expected }),
  )
})()

/** The id of an entry or of a call, chosen at random by core. 1 to 64 characters of `A-Z a-z 0-9 _ -`. */
export const EntryId = /* @__PURE__ */ Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9_-]{1,64}$/, { expected: "an id of 1 to 64 characters of A-Z a-z 0-9 _ -" }),
)

/** The text that two entries share exactly when leases and open entries keep them apart: see `Draft`. */
export const Identity = /* @__PURE__ */ lengthBetween(1, 8192, "an identity of 1 to 8192 characters")

/** Who owns an entry or a lease: one call, not a process. */
export const Owner = /* @__PURE__ */ Schema.Struct({
  /** The name of the machine, for people, and for stores that one machine can use. */
  host: lengthBetween(1, 255, "a host name of 1 to 255 characters"),
  /** The id of the process, for people. It decides nothing: another process may have it tomorrow. */
  pid: wholeFrom(0),
  /** The id of the call, chosen at random. Two owners are the same exactly when their calls are. */
  call: EntryId,
})
export interface Owner extends Schema.Schema.Type<typeof Owner> {}

/** The syncs that existed right before a change of configuration. */
export const SyncsBefore = /* @__PURE__ */ Schema.Struct({ syncs: Schema.Array(SyncRef) })
export interface SyncsBefore extends Schema.Schema.Type<typeof SyncsBefore> {}

/** What recognizes a change of configuration later. It never holds settings, because settings may hold secrets. */
export const Fingerprint = /* @__PURE__ */ Schema.Struct({
  /** A digest of what the change requested. */
  digest: lengthBetween(1, 255, "a digest of 1 to 255 characters"),
  /** The name of the sync, where the change sets one. */
  name: Schema.optionalKey(Schema.String),
  /** The vendor's ids of where rows come from and go to, by the adapter's names for them. */
  ends: Schema.Record(Schema.String, Schema.String),
  /** The fields that an update changes: `name`, `enabled`, `schedule`, `spec`. Absent for a create and a delete. */
  fields: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Whether the change switches the sync on, or off, where it does. */
  enabled: Schema.optionalKey(Schema.Boolean),
})
export interface Fingerprint extends Schema.Schema.Type<typeof Fingerprint> {}

const draftFields = /* @__PURE__ */ (() => ({
  id: EntryId,
  /**
   * What leases, open entries and keys go by. For a trigger, an update and a delete: vendor, base URL and required ids of
   * the sync. For a create: of the parent. Core prefixes the identities of changes, so that a change and a trigger of one
   * sync do not keep each other apart.
   */
  identity: Identity,
  vendor: VendorName,
  /** The address of the vendor's API. A workspace settles entries of its vendor and base URL only. */
  baseUrl: Schema.String,
  /** The name of the workspace that made the entry: entries are listed and starts are counted by it. */
  workspace: WorkspaceName,
  /** Absent where the caller passed none. */
  key: Schema.optionalKey(Key),
}))()

const triggerFields = /* @__PURE__ */ (() => ({
  kind: Schema.Literal("trigger"),
  sync: SyncRef,
  /** What the run covers, where the vendor has scopes. */
  scope: Schema.optionalKey(Scope),
}))()

const changeFields = /* @__PURE__ */ (() => ({
  kind: Schema.Literals(["create", "update", "delete"]),
  fingerprint: Fingerprint,
  /** The sync; absent for a create. */
  sync: Schema.optionalKey(SyncRef),
}))()

const entryFields = /* @__PURE__ */ (() => ({
  ...draftFields,
  edition: Schema.Literal(edition),
  /** Grows by one with every write but a renewal of a lease: what compare-and-set goes by. */
  revision: wholeFrom(1),
  /** The number of the attempt under its key, from 1; 1 without a key. */
  attempt: wholeFrom(1),
  /** The call that claimed the entry, or that took it over. */
  owner: Owner,
  createdAt: Time,
  writtenAt: Time,
}))()

/** The request that a mark allows, as everything that settles it later needs to know it. */
const requestOf = <F extends Schema.Constraint>(fence: F) =>
  Schema.Struct({
    /** When the entry was marked. The request left after that. */
    sentAt: Time,
    /** What existed right before. */
    fence,
    /** The caller's word that nothing else triggers the sync. */
    exclusive: Schema.Boolean,
    /** How long the request can take. JSON form: milliseconds. */
    writeTimeout: Schema.DurationFromMillis,
    /** How long after the request its effect may still appear. JSON form: milliseconds. */
    runAppearsWithin: Schema.DurationFromMillis,
  })

const adopted = /* @__PURE__ */ Schema.optionalKey(Schema.Literals(["lost-answer", "already-running"]))

/** The states that a trigger and a change share, without the fields that all states have. */
const states = <
  const Request extends Schema.Constraint,
  const Result extends Schema.Struct.Fields,
  const End extends Schema.Struct.Fields,
  const Candidate extends Schema.Constraint,
>(
  request: Request,
  result: Result,
  end: End,
  candidate: Candidate,
) =>
  Schema.Union([
    /** Holds the key. Provably, nothing was sent. */
    Schema.Struct({ state: Schema.Literal("claimed") }),
    /** Written right before the request: it may have been sent. Open. */
    Schema.Struct({ state: Schema.Literal("sent"), request }),
    /** The answer was given up at `lostAt`. Open. */
    Schema.Struct({ state: Schema.Literal("lost"), request, lostAt: Time }),
    /** The vendor accepted it. `request` is absent where the call adopted a run and sent nothing. */
    Schema.Struct({
      state: Schema.Literal("started"),
      request: Schema.optionalKey(request),
      acceptedAt: Time,
      ...result,
    }),
    /** Its end is known. */
    Schema.Struct({
      state: Schema.Literal("finished"),
      request: Schema.optionalKey(request),
      endedAt: Time,
      ...result,
      ...end,
    }),
    /** The vendor said no. */
    Schema.Struct({ state: Schema.Literal("refused"), request, endedAt: Time }),
    /** Proved, by look-up or by the vendor: it had no effect. */
    Schema.Struct({ state: Schema.Literal("not-started"), request, endedAt: Time }),
    /** A person or `supersede` gave it up. `candidates` could be its effect. */
    Schema.Struct({
      state: Schema.Literal("abandoned"),
      request,
      endedAt: Time,
      candidates: Schema.Array(candidate),
    }),
  ])

/** An entry of a trigger, by its state. */
export const TriggerEntry = /* @__PURE__ */ (() =>
  states(
    requestOf(Fence),
    {
      run: RunRef,
      /** Why the call took this run for its own without the vendor's answer for it; absent where the vendor answered. */
      adopted,
    },
    { status: Status, rows: Rows },
    RunRef,
  ).mapMembers(Tuple.map(Schema.fieldsAssign({ ...entryFields, ...triggerFields }))))()
export type TriggerEntry = typeof TriggerEntry.Type

/** An entry of a change of configuration, by its state. */
export const ChangeEntry = /* @__PURE__ */ (() =>
  states(
    requestOf(SyncsBefore),
    {
      /** The sync that a create made. */
      created: Schema.optionalKey(SyncRef),
    },
    {},
    SyncRef,
  ).mapMembers(Tuple.map(Schema.fieldsAssign({ ...entryFields, ...changeFields }))))()
export type ChangeEntry = typeof ChangeEntry.Type

/** An entry of the journal. */
export const JournalEntry = /* @__PURE__ */ (() => Schema.Union([...TriggerEntry.members, ...ChangeEntry.members]))()
export type JournalEntry = typeof JournalEntry.Type

/** What a call knows of an entry before it claims or marks it. */
export const Draft = /* @__PURE__ */ (() =>
  Schema.Union([
    Schema.Struct({ ...draftFields, ...triggerFields }),
    Schema.Struct({ ...draftFields, ...changeFields }),
  ]))()
export type Draft = typeof Draft.Type

/** The codec between an entry and one line of JSON. It is made at its first use: that takes longer than the schema itself. */
export const JournalEntryFromText = /* @__PURE__ */ (() =>
  Schema.fromJsonString(Schema.suspend(() => Schema.toCodecJson(JournalEntry))))()

/** Every state, in the order of an entry's course. */
export const allStates = [
  "claimed",
  "sent",
  "lost",
  "started",
  "finished",
  "refused",
  "not-started",
  "abandoned",
] as const satisfies ReadonlyArray<JournalEntry["state"]>

/** The state of an entry. */
export type State = (typeof allStates)[number]

/** The states of a request whose effect is not known. A store holds one such entry for each identity at most. */
export const openStates = ["sent", "lost"] as const satisfies ReadonlyArray<State>

/** The states of entries that somebody may still have to go on with. */
export const pendingStates = ["claimed", "sent", "lost", "started"] as const satisfies ReadonlyArray<State>

/** The states after which a key is free for its next attempt, and `finished`, where the caller decides. */
export const concludedStates = [
  "finished",
  "refused",
  "not-started",
  "abandoned",
] as const satisfies ReadonlyArray<State>

/** Returns whether the effect of the entry's request is not known. */
export const isOpen = ({ state }: Pick<JournalEntry, "state">): boolean => state === "sent" || state === "lost"

/** Returns whether a next attempt may follow the entry under its key. */
export const isConcluded = ({ state }: Pick<JournalEntry, "state">): boolean =>
  state === "finished" || state === "refused" || state === "not-started" || state === "abandoned"
