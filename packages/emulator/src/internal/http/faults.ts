/** The faults in waiting, and which one a request meets. */
import * as Duration from "effect/Duration"
import type { Operation } from "../../Emulator.ts"
import type { Fault } from "../../Fault.ts"
import type { Random } from "../world/random.ts"
import type { Sync } from "../world/sync.ts"

/** A fault that struck, its durations in milliseconds. */
export interface Strike {
  readonly fault: Fault
  readonly latency: number
  readonly commitAfter: number
}

interface Waiting extends Strike {
  readonly sync: Sync | undefined
  skip: number
  left: number
}

export interface Faults {
  readonly add: (fault: Fault, sync: Sync | undefined) => void
  readonly clear: () => void
  readonly strike: (operation: Operation, sync: Sync | undefined) => Strike | undefined
}

export const makeFaults = (random: Random): Faults => {
  let waiting: Array<Waiting> = []
  return {
    add: (fault, sync) => {
      waiting.push({
        fault,
        sync,
        latency: fault.latency === undefined ? 0 : Duration.toMillis(fault.latency),
        commitAfter: fault.commitAfter === undefined ? 0 : Duration.toMillis(fault.commitAfter),
        skip: fault.after ?? 0,
        left: fault.times ?? 1,
      })
    },
    clear: () => {
      waiting = []
    },
    strike: (operation, sync) => {
      for (const entry of waiting) {
        const { fault } = entry
        if (fault.operation !== "any" && fault.operation !== operation) continue
        if (entry.sync !== undefined && entry.sync !== sync) continue
        if (entry.skip > 0) {
          entry.skip--
          continue
        }
        if (fault.chance !== undefined && random() >= fault.chance) continue
        entry.left--
        if (entry.left <= 0) waiting = waiting.filter((other) => other !== entry)
        return entry
      }
      return undefined
    },
  }
}
