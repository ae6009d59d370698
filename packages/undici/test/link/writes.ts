/** What the two hosts of the link say to each other, and to the test. */

/** How a write ended for its caller: the delivery of its error, or `answered`. */
export type End = "answered" | "not-sent" | "refused" | "unknown"

/** What the client's host reports, when all writes have ended. */
export interface ClientReport {
  /** The end of each write, by its number. */
  readonly ends: ReadonlyArray<End>
  /** How many errors had each reason and delivery. */
  readonly errors: Readonly<Record<string, number>>
}

/** What both hosts report. */
export interface Report extends ClientReport {
  /** How often each write arrived, by its number. */
  readonly arrivals: ReadonlyArray<number>
  /** How often the link was down while writes were under way. */
  readonly outages: number
}

export const addresses = { vendor: "10.99.0.1", client: "10.99.0.2" } as const
export const port = 8080
