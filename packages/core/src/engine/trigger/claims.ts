/** Who in this process has which run for its own, and which triggers of a sync are still open. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as BoundedMap from "../../driver/BoundedMap.ts"
import type { IntentStoreError } from "../../journal/IntentStore.ts"
import type { Held } from "../../journal/storedIntents.ts"
import type { Intent } from "../../model/Intent.ts"
import type { RunRef } from "../../model/Ref.ts"

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

export const make = (held: Effect.Effect<Held, IntentStoreError>): Claims => {
  const owners = BoundedMap.make<string>(10_000)
  return {
    claim: (run, intent) => {
      owners.set(run.key, intent)
    },
    isClaimedByOther: (run, intent) => {
      const owner = owners.get(run.key)
      return owner !== undefined && owner !== intent
    },
    otherOpen: (intent, endOf) => {
      const sync = String(intent.sync)
      const sent = DateTime.toEpochMillis(intent.sentAt)
      const end = endOf(intent)
      return held.pipe(
        Effect.map(({ records, unread }) => {
          const isOther = records.some(({ intent: other, resolution }) => {
            if (other.id === intent.id || String(other.sync) !== sync) return false
            if (resolution?._tag === "Started" || resolution?._tag === "NotStarted") return false
            return DateTime.toEpochMillis(other.sentAt) < end && sent < endOf(other)
          })
          if (isOther) return "one" as const
          // What cannot be read may be an open trigger of this sync.
          const isUnread = unread.some(({ sync: of }) => of === undefined || String(of) === sync)
          return isUnread ? ("unreadable" as const) : ("none" as const)
        }),
        Effect.orElseSucceed(() => "unreadable" as const),
      )
    },
  }
}
