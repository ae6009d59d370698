/** What the vendor said. Safe to log: no token, header or row is ever in it. */
export interface Evidence {
  /** The HTTP status. */
  readonly status?: number
  /** The vendor's own error code or type. */
  readonly code?: string
  /** The vendor's error message, at most 500 characters, the token cut out should it be echoed. */
  readonly text?: string
  /** The vendor's id of the request, for its support. */
  readonly requestId?: string
}

/**
 * Whether a request was carried out: `not-sent` is proven (it never left), `refused` is the vendor's clear no, and
 * `unknown` is everything else: a lost connection, a time-out, a 5xx, an answer nobody can read.
 */
export type Delivery = "not-sent" | "refused" | "unknown"
