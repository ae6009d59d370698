/** A strict sliding window over instants: at most `max` in any span of `length` milliseconds. */

export interface Window {
  /** Whether one more fits at `now`. */
  readonly full: (now: number) => boolean
  readonly push: (now: number) => void
  readonly count: (now: number) => number
  /** When the oldest instant that still counts leaves the window; `now` where none does. */
  readonly freesAt: (now: number) => number
  /** Someone else pushes too, one `every` milliseconds from `from` on, where it still fits. */
  readonly noise: (from: number, every: number) => void
}

export const makeWindow = (max: number, length: number): Window => {
  // A ring: at most `max` instants can count at once.
  const ring = new Float64Array(max)
  let first = 0
  let size = 0
  let noiseEvery = 0
  let noiseAt = Number.POSITIVE_INFINITY

  const prune = (now: number) => {
    while (size > 0 && (ring[first] ?? 0) <= now - length) {
      first = (first + 1) % max
      size--
    }
  }
  const add = (at: number) => {
    ring[(first + size) % max] = at
    size++
  }
  const advance = (now: number) => {
    if (noiseAt <= now) {
      // What lies more than a window back has left it already.
      const behind = now - length - noiseAt
      if (behind > 0) noiseAt += Math.floor(behind / noiseEvery) * noiseEvery
      for (; noiseAt <= now; noiseAt += noiseEvery) {
        prune(noiseAt)
        if (size < max) add(noiseAt)
      }
    }
    prune(now)
  }
  return {
    full: (now) => {
      advance(now)
      return size >= max
    },
    push: (now) => {
      advance(now)
      if (size < max) add(now)
    },
    count: (now) => {
      advance(now)
      return size
    },
    freesAt: (now) => {
      advance(now)
      return size === 0 ? now : (ring[first] ?? now) + length
    },
    noise: (from, every) => {
      noiseAt = from + every
      noiseEvery = every
    },
  }
}
