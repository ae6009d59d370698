/**
 * The steps that an entry takes, as pure functions for the authors of stores: a store that writes what these return
 * decides as all others do. Times are the store's.
 */
import type * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { DurationInput } from "../model/DurationInput.ts"
import type { FieldIssue } from "../model/FieldIssue.ts"
import * as Input from "../model/Input.ts"
import { type Draft, edition, JournalEntry, type Owner, type State } from "../model/JournalEntry.ts"
import type { Change, MarkRequest, TakeOverRequest } from "./port.ts"

/** What a step makes of an entry, or why there is no such step. */
export type Step = Result.Result<JournalEntry, ReadonlyArray<FieldIssue>>

const decode = /* @__PURE__ */ Input.decoder<JournalEntry>(/* @__PURE__ */ Schema.toType(JournalEntry))

const namesOfDraft = [
  "kind",
  "id",
  "identity",
  "vendor",
  "baseUrl",
  "workspace",
  "key",
  "sync",
  "scope",
  "fingerprint",
] as const

const namesOfEntry = [...namesOfDraft, "edition", "revision", "attempt", "owner", "createdAt", "writtenAt"] as const

const pick = (value: object, names: ReadonlyArray<string>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(names.map((name) => [name, Reflect.get(value, name)]).filter(([, field]) => field !== undefined))

/** The fields that all states have, for the entry's next revision. */
const next = (entry: JournalEntry, at: DateTime.Utc) => ({
  ...pick(entry, namesOfEntry),
  revision: entry.revision + 1,
  writtenAt: at,
})

const issue = (message: string, ...path: ReadonlyArray<string>): Result.Result<never, ReadonlyArray<FieldIssue>> =>
  Result.fail([{ path, message }])

/** Returns a new entry in the state `claimed`. */
export const claimed = (draft: Draft, owner: Owner, attempt: number, at: DateTime.Utc): Step =>
  decode({
    ...pick(draft, namesOfDraft),
    edition,
    revision: 1,
    attempt,
    owner,
    createdAt: at,
    writtenAt: at,
    state: "claimed",
  })

/** Returns a claimed entry with another owner. The caller checks that its claim has expired. */
export const takenOver = (entry: JournalEntry, { owner, sync }: TakeOverRequest, at: DateTime.Utc): Step =>
  entry.state === "claimed"
    ? decode({ ...next(entry, at), owner, state: "claimed", ...(sync && { sync, workspace: sync.workspace }) })
    : issue(`Expected "claimed", the entry is "${entry.state}"`, "state")

/** Returns a claimed entry as `sent`. */
export const sent = (entry: JournalEntry, request: MarkRequest, at: DateTime.Utc): Step => {
  const { fence, exclusive, writeTimeout, runAppearsWithin } = request
  if (entry.state !== "claimed") return issue(`Expected "claimed", the entry is "${entry.state}"`, "state")
  if (!isDuration(writeTimeout)) return issue("Expected a finite duration", "writeTimeout")
  if (!isDuration(runAppearsWithin)) return issue("Expected a finite duration", "runAppearsWithin")
  return decode({
    ...next(entry, at),
    state: "sent",
    request: {
      sentAt: at,
      fence,
      exclusive,
      writeTimeout: Duration.fromInputUnsafe(writeTimeout),
      runAppearsWithin: Duration.fromInputUnsafe(runAppearsWithin),
    },
  })
}

/** Returns a new entry without a key as `sent`. */
export const sentAtOnce = (draft: Draft, owner: Owner, request: MarkRequest, at: DateTime.Utc): Step =>
  draft.key === undefined
    ? Result.map(
        Result.flatMap(claimed(draft, owner, 1, at), (entry) => sent(entry, request, at)),
        (entry) => ({ ...entry, revision: 1 }),
      )
    : issue("Expected an entry without a key: one with a key is claimed first", "key")

const conclusions = ["started", "finished", "refused", "not-started"] as const satisfies ReadonlyArray<State>

/** The states that may follow each state. */
const following: Readonly<Record<State, ReadonlyArray<State>>> = {
  claimed: ["started", "finished"],
  sent: ["claimed", "lost", ...conclusions, "abandoned"],
  lost: [...conclusions, "abandoned"],
  started: conclusions,
  finished: conclusions,
  refused: conclusions,
  "not-started": conclusions,
  abandoned: conclusions,
}

/** Returns an entry after a change, or why an entry in its state does not change so. */
export const changed = (entry: JournalEntry, change: Change, by: Owner, at: DateTime.Utc): Step => {
  if (!following[entry.state].includes(change.state)) return issue(`"${entry.state}" never becomes "${change.state}"`)
  const isOwner = entry.owner.call === by.call
  if (change.state === "claimed" || entry.state === "claimed") {
    if (!isOwner) return issue(`Only its owner makes a "${entry.state}" entry "${change.state}"`)
  }
  const request = "request" in entry && entry.request !== undefined ? { request: entry.request } : {}
  const base = next(entry, at)
  switch (change.state) {
    case "claimed":
      return decode({ ...base, state: "claimed" })
    case "lost":
      return decode({ ...base, ...request, state: "lost", lostAt: at })
    case "started":
      return decode({ ...base, ...request, ...change, acceptedAt: entry.state === "started" ? entry.acceptedAt : at })
    case "finished":
      return decode({ ...base, ...request, ...change, endedAt: entry.state === "finished" ? entry.endedAt : at })
    default:
      return decode({ ...base, ...request, ...change, endedAt: at })
  }
}

/** Returns whether the entry may be removed, or why no entry in its state is. */
export const removable = (
  entry: JournalEntry,
  by: Owner,
  isClaimAlive: boolean,
): Result.Result<boolean, ReadonlyArray<FieldIssue>> => {
  const isOwner = entry.owner.call === by.call
  if (entry.state === "claimed") return Result.succeed(isOwner || !isClaimAlive)
  if (entry.state === "sent" && isOwner) return Result.succeed(true)
  return issue(`An entry that is "${entry.state}" is not removed: it may have had an effect`, "state")
}

/** The time from which the age of an entry counts when entries are forgotten; absent for open ones, which are kept. */
export const forgottenFrom = (entry: JournalEntry): DateTime.Utc | undefined => {
  switch (entry.state) {
    case "sent":
    case "lost":
      return undefined
    case "claimed":
      return entry.writtenAt
    case "started":
      return entry.acceptedAt
    default:
      return entry.endedAt
  }
}

const isDuration = /* @__PURE__ */ Schema.is(DurationInput)
