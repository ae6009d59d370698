/** A bound on a figure. A broken one fails the run. */
export interface Budget {
  readonly what: string
  readonly found: number
  readonly bound: { readonly atMost: number } | { readonly atLeast: number }
  readonly holds: boolean
}

export const atMost = (what: string, found: number, most: number): Budget => ({
  what,
  found,
  bound: { atMost: most },
  holds: found <= most,
})

export const atLeast = (what: string, found: number, least: number): Budget => ({
  what,
  found,
  bound: { atLeast: least },
  holds: found >= least,
})
