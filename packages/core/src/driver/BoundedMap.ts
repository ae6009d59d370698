/**
 * Maps of a bounded size: they drop their oldest entries, so that the memory of a process that runs for months does not
 * grow.
 */

/** A map of at most a number of entries. */
export interface BoundedMap<V> {
  /** Returns whether the map has an entry for this key. */
  readonly has: (key: string) => boolean
  /** Returns the value for this key. It does not make the entry newer. */
  readonly get: (key: string) => V | undefined
  /** Sets an entry and makes it the newest. Returns the value of the entry that the map dropped for it, if any. */
  readonly set: (key: string, value: V) => V | undefined
  /** Removes the entry for this key, if any. */
  readonly delete: (key: string) => void
}

/** Creates an empty map of at most `capacity` entries. */
export const make = <V>(capacity: number): BoundedMap<V> => {
  const entries = new Map<string, V>()
  return {
    has: (key) => entries.has(key),
    get: (key) => entries.get(key),
    set: (key, value) => {
      entries.delete(key)
      entries.set(key, value)
      if (entries.size <= capacity) return undefined
      const [oldest] = entries
      if (oldest === undefined) return undefined
      entries.delete(oldest[0])
      return oldest[1]
    },
    delete: (key) => {
      entries.delete(key)
    },
  }
}
