/** The faults that wait for requests. */
import * as Duration from "effect/Duration"
import type { Fault } from "../../Fault.ts"
import type { Random } from "../../kit/Random.ts"
import type { Sync } from "../../kit/Run.ts"
import type { Operation } from "../../Operation.ts"

/** A fault with its durations in milliseconds. */
export interface TimedFault {
  readonly fault: Fault
  readonly latency: number
  readonly commitAfter: number
  /** The sync that the answer shows in place of the request's. */
  readonly another: Sync | undefined
}

interface WaitingFault extends TimedFault {
  readonly sync: Sync | undefined
  /** How many matching requests still pass before the first hit. */
  passes: number
  /** How many requests the fault still hits. */
  hits: number
}

/** The faults of one emulator. */
export interface Faults {
  readonly add: (fault: Fault, sync: Sync | undefined, another: Sync | undefined) => void
  readonly clear: () => void
  /** Returns the fault that hits a request, and counts the hit. */
  readonly take: (operation: Operation, sync: Sync | undefined) => TimedFault | undefined
}

export const makeFaults = (random: Random): Faults => {
  let waiting: Array<WaitingFault> = []
  return {
    add: (fault, sync, another) => {
      waiting.push({
        fault,
        sync,
        another,
        latency: fault.latency === undefined ? 0 : Duration.toMillis(fault.latency),
        commitAfter: fault.commitAfter === undefined ? 0 : Duration.toMillis(fault.commitAfter),
        passes: fault.after ?? 0,
        hits: fault.times ?? 1,
      })
    },
    clear: () => {
      waiting = []
    },
    take: (operation, sync) => {
      for (const entry of waiting) {
        const { fault } = entry
        if (fault.operation !== "any" && fault.operation !== operation) continue
        if (entry.sync !== undefined && entry.sync !== sync) continue
        if (entry.passes > 0) {
          entry.passes--
          continue
        }
        if (fault.chance !== undefined && random() >= fault.chance) continue
        entry.hits--
        if (entry.hits <= 0) waiting = waiting.filter((other) => other !== entry)
        return entry
      }
      return undefined
    },
  }
}
