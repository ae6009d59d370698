/** RudderStack's words for the state and the mode of a connection, and core's. */
import type { Mode, State } from "@openretl/core/Sync"

/** The words of `syncBehaviour`; RudderStack may add others. */
const modes: ReadonlyMap<string, Mode> = new Map([
  ["upsert", "upsert"],
  ["mirror", "mirror"],
  ["full", "full"],
])

/** Returns the mode that a `syncBehaviour` stands for; `unknown` for a word that this version does not list. */
export const modeOf = (syncBehaviour: string): Mode => modes.get(syncBehaviour) ?? "unknown"

/** A connection's state, in core's word and in the vendor's. */
export interface States {
  readonly state: State
  readonly vendorState: string
}

/** Returns the state of a connection. RudderStack has no word for it, only a switch: the words are those of its app. */
export const statesOf = (enabled: boolean | undefined): States => {
  if (enabled === undefined) return { state: "unknown", vendorState: "" }
  return enabled ? { state: "enabled", vendorState: "enabled" } : { state: "paused", vendorState: "disabled" }
}
