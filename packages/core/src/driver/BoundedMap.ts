/** A map that forgets its oldest entries, so that a process that runs for months does not grow. */
export interface BoundedMap<V> {
  readonly has: (key: string) => boolean
  readonly get: (key: string) => V | undefined
  /** Sets an entry and makes it the newest; yields the entry that had to go, if one had. */
  readonly set: (key: string, value: V) => V | undefined
  readonly delete: (key: string) => void
}

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
