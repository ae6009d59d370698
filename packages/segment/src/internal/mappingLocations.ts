/** Under which destination a mapping was seen last: its ids do not say, and its endpoints ask for it. */

export interface MappingLocations {
  readonly get: (subscription: string) => string | undefined
  readonly set: (subscription: string, destination: string) => void
  readonly forget: (subscription: string) => void
}

const maxEntries = 10_000

/** The oldest is forgotten where there are too many: it is searched for again. */
export const make = (): MappingLocations => {
  const known = new Map<string, string>()
  return {
    get: (subscription) => known.get(subscription),
    set: (subscription, destination) => {
      known.delete(subscription)
      known.set(subscription, destination)
      const [oldest] = known.keys()
      if (known.size > maxEntries && oldest !== undefined) known.delete(oldest)
    },
    forget: (subscription) => {
      known.delete(subscription)
    },
  }
}
