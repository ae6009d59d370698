/**
 * Stops a process at a point: it tells the harness, and does nothing more. It stops the whole process, not one fiber:
 * nothing else goes on until it is killed.
 */
import { writeSync } from "node:fs"
import process from "node:process"
import type { Point } from "./points.ts"

/** The pipe on which a worker says that it stands at a point. */
export const pointPipe = 4

/** How long a stopped process waits for its end, in milliseconds, before it ends by itself. */
const longest = 30_000

export interface Stops {
  /** Sets the point to stop at. */
  readonly arm: (point: Point | undefined) => void
  /** Stops the process if this is the point. */
  readonly reach: (point: Point) => void
}

export const make = (): Stops => {
  let armed: Point | undefined
  return {
    arm: (point) => {
      armed = point
    },
    reach: (point) => {
      if (point !== armed) return
      writeSync(pointPipe, `${point}\n`)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, longest)
      process.exit(70)
    },
  }
}
