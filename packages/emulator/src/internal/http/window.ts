/** A strict sliding window: at most `max` instants in any span of `length` milliseconds. */

/** The instants that count at present. */
export interface Window {
  readonly isFull: (now: number) => boolean
  /** Adds an instant, unless the window is full. */
  readonly add: (now: number) => void
  readonly count: (now: number) => number
  /** When the oldest instant that counts leaves the window; `now` where none counts. */
  readonly freesAt: (now: number) => number
  /** From now on adds one more instant per `every` milliseconds, unless the window is full. Replaces earlier traffic. */
  readonly addTraffic: (from: number, every: number) => void
}

export const makeWindow = (max: number, length: number): Window => {
  // A ring buffer: at most `max` instants count at once.
  const ring = new Float64Array(max)
  let first = 0
  let size = 0
  let trafficEvery = 0
  let trafficAt = Number.POSITIVE_INFINITY

  const prune = (now: number) => {
    while (size > 0 && (ring[first] ?? 0) <= now - length) {
      first = (first + 1) % max
      size--
    }
  }
  const push = (at: number) => {
    ring[(first + size) % max] = at
    size++
  }
  const advance = (now: number) => {
    if (trafficAt <= now) {
      // Traffic that has left the window by now is skipped in one step.
      const behind = now - length - trafficAt
      if (behind > 0) trafficAt += Math.floor(behind / trafficEvery) * trafficEvery
      for (; trafficAt <= now; trafficAt += trafficEvery) {
        prune(trafficAt)
        if (size < max) push(trafficAt)
      }
    }
    prune(now)
  }
  return {
    isFull: (now) => {
      advance(now)
      return size >= max
    },
    add: (now) => {
      advance(now)
      if (size < max) push(now)
    },
    count: (now) => {
      advance(now)
      return size
    },
    freesAt: (now) => {
      advance(now)
      return size === 0 ? now : (ring[first] ?? now) + length
    },
    addTraffic: (from, every) => {
      trafficAt = from + every
      trafficEvery = every
    },
  }
}
