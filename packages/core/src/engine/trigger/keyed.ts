/** Calls with a key: what the journal has under the key decides what the next call with it does. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { Stored, Version } from "../../journal/Journal.ts"
import { judge } from "../../model/Outcome.ts"
import type { Joined, Remembered } from "../../model/Trigger.ts"
import type { Request } from "./call.ts"
import type { OpenEntry } from "./lookUp.ts"
import { isOpenTrigger } from "./open.ts"

/** What the next call with a key does, by what the journal has under it. */
export type Step =
  /** Another call is at work on it: wait for what becomes of it. */
  | { readonly _tag: "AwaitOwner" }
  /** The call that claimed it is gone, and sent nothing: take the claim over. */
  | { readonly _tag: "TakeOver"; readonly version: Version }
  /** Its request may have been sent: settle it first. */
  | { readonly _tag: "Settle"; readonly entry: OpenEntry }
  /** The next attempt of the key. */
  | { readonly _tag: "ClaimNext"; readonly after: Version }
  /** The key was used with another scope. */
  | { readonly _tag: "OtherScope"; readonly scope: string | undefined }
  /** The entry is no trigger's. */
  | { readonly _tag: "OtherKind"; readonly kind: string }
  | Joined
  | Remembered

/** Returns what the next call with a key does. Pure. */
export const next = ({ entry, readAt, isOwnerAlive }: Stored, request: Request): Step => {
  if (entry.kind !== "trigger") return { _tag: "OtherKind", kind: entry.kind }
  if (entry.scope !== request.scope) return { _tag: "OtherScope", scope: entry.scope }
  if (isOpenTrigger(entry)) return isOwnerAlive ? { _tag: "AwaitOwner" } : { _tag: "Settle", entry }
  const version: Version = { id: entry.id, revision: entry.revision }
  switch (entry.state) {
    case "claimed":
      return isOwnerAlive ? { _tag: "AwaitOwner" } : { _tag: "TakeOver", version }
    case "started":
      return { _tag: "Joined", run: entry.run, evidence: `attempt ${entry.attempt} of this key has this run` }
    case "finished": {
      const { run, status, rows, endedAt } = entry
      // The vendor never began a skipped run: its key is free, as after a refusal.
      const isRepeated = request.again === "not-accepted" && !judge({ status, rows }, request.policy).accepted
      if (isRepeated || status === "skipped") return { _tag: "ClaimNext", after: version }
      const age = Math.max(0, DateTime.toEpochMillis(readAt) - DateTime.toEpochMillis(endedAt))
      return { _tag: "Remembered", run, status, rows, endedAt, age: Duration.millis(age) }
    }
    default:
      return { _tag: "ClaimNext", after: version }
  }
}
