/** The claims of this process: which trigger has which run, and which triggers of a sync are still open. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as BoundedMap from "../../driver/BoundedMap.ts"
import type { Intent } from "../../model/Intent.ts"
import type { RunRef } from "../../model/Ref.ts"
import type { WorkspaceContext } from "../context.ts"

/** The claims of this process. */
export interface Claims {
  /** Claims a run for the intent with this id. */
  readonly claim: (run: RunRef, intentId: string) => void
  /** Returns whether another intent than the one with this id has claimed the run. */
  readonly isClaimedByOther: (run: RunRef, intentId: string) => boolean
  /**
   * Reads whether another trigger of the same sync is still open and could have started the run of this one. `endOf`
   * returns the end of an intent's window, in epoch milliseconds. `unreadable`: the store cannot be read, or has a
   * record that may be such a trigger and does not decode.
   */
  readonly otherTrigger: (
    intent: Intent,
    endOf: (intent: Intent) => number,
  ) => Effect.Effect<"none" | "open" | "unreadable">
}

export const make = (context: WorkspaceContext): Claims => {
  /** The ids of intents, by the keys of the runs that they have claimed. */
  const owners = BoundedMap.make<string>(10_000)
  return {
    claim: (run, intentId) => {
      owners.set(context.runKeyOf(run), intentId)
    },
    isClaimedByOther: (run, intentId) => {
      const owner = owners.get(context.runKeyOf(run))
      return owner !== undefined && owner !== intentId
    },
    otherTrigger: (intent, endOf) => {
      const sync = context.identityOf(intent.sync)
      const sent = DateTime.toEpochMillis(intent.sentAt)
      const end = endOf(intent)
      return context.storedIntents.pipe(
        Effect.map(({ records, unreadable }) => {
          const isOtherOpen = records.some(({ intent: other, resolution }) => {
            if (other.id === intent.id || context.identityOf(other.sync) !== sync) return false
            if (resolution?._tag === "Started" || resolution?._tag === "NotStarted") return false
            return DateTime.toEpochMillis(other.sentAt) < end && sent < endOf(other)
          })
          if (isOtherOpen) return "open" as const
          const mayHideOther = unreadable.some((record) => {
            return record.sync === undefined || context.identityOf(record.sync) === sync
          })
          return mayHideOther ? ("unreadable" as const) : ("none" as const)
        }),
        Effect.orElseSucceed(() => "unreadable" as const),
      )
    },
  }
}
