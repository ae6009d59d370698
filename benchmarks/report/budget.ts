/** A bound on a figure. A budget that is not kept fails the run. */
export interface Budget {
  readonly what: string
  readonly value: number
  readonly bound: { readonly atMost: number } | { readonly atLeast: number }
  readonly isKept: boolean
}

/** Returns a budget that is kept when the value is at most `max`. */
export const atMost = (what: string, value: number, max: number): Budget => ({
  what,
  value,
  bound: { atMost: max },
  isKept: value <= max,
})

/** Returns a budget that is kept when the value is at least `min`. */
export const atLeast = (what: string, value: number, min: number): Budget => ({
  what,
  value,
  bound: { atLeast: min },
  isKept: value >= min,
})
