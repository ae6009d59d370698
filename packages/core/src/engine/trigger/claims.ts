/** Which trigger of this process has claimed which run, and which triggers of a sync are still open. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as BoundedMap from "../../driver/BoundedMap.ts"
import type { Intent } from "../../model/Intent.ts"
import type { RunRef } from "../../model/Ref.ts"
import type { WorkspaceContext } from "../context.ts"

export interface Claims {
  /** Notes that this run is the one of that intent. */
  readonly claim: (run: RunRef, intent: string) => void
  readonly isClaimedByOther: (run: RunRef, intent: string) => boolean
  /**
   * Whether another trigger of the same sync is open whose run may have begun in the same time as this one's. `endOf`
   * says until when an intent's may have (epoch milliseconds). `unreadable` where the store does not say.
   */
  readonly otherOpen: (
    intent: Intent,
    endOf: (intent: Intent) => number,
  ) => Effect.Effect<"none" | "one" | "unreadable">
}

export const make = (context: WorkspaceContext): Claims => {
  const owners = BoundedMap.make<string>(10_000)
  return {
    claim: (run, intent) => {
      owners.set(context.runKeyOf(run), intent)
    },
    isClaimedByOther: (run, intent) => {
      const owner = owners.get(context.runKeyOf(run))
      return owner !== undefined && owner !== intent
    },
    otherOpen: (intent, endOf) => {
      const sync = context.identityOf(intent.sync)
      const sent = DateTime.toEpochMillis(intent.sentAt)
      const end = endOf(intent)
      return context.storedIntents.pipe(
        Effect.map(({ records, unreadable }) => {
          const hasOther = records.some(({ intent: other, resolution }) => {
            if (other.id === intent.id || context.identityOf(other.sync) !== sync) return false
            if (resolution?._tag === "Started" || resolution?._tag === "NotStarted") return false
            return DateTime.toEpochMillis(other.sentAt) < end && sent < endOf(other)
          })
          if (hasOther) return "one" as const
          // A record that cannot be decoded may be an open trigger of this sync.
          const mayHideOne = unreadable.some(({ sync: of }) => of === undefined || context.identityOf(of) === sync)
          return mayHideOne ? ("unreadable" as const) : ("none" as const)
        }),
        Effect.orElseSucceed(() => "unreadable" as const),
      )
    },
  }
}
