/** What the harness and its workers say to each other, as JSON. */
import type { Point } from "./points.ts"

/** Where the journal is. */
export type StorePlace =
  | { readonly _tag: "SQLite"; readonly filename: string }
  | { readonly _tag: "PostgreSQL"; readonly url: string; readonly schema: string }

/** The lengths that the harness shortens, in milliseconds. */
export interface Windows {
  /** How long after a trigger its run may still appear. */
  readonly runAppearsWithin: number
  /** How long one write may take. */
  readonly writeTimeout: number
  /** How long core looks for the run of a lost answer, where reads do not settle it earlier. */
  readonly resolveWithin: number
  /** How long a claim or a lease lasts. */
  readonly journalLease: number
}

/** One thing to do: to have the run of a key, or fresh data. */
export interface Job {
  readonly id: number
  readonly connection: string
  readonly key: string
  readonly isExclusive: boolean
  /**
   * `run` triggers and waits; `resume` goes on with what another process began, and sends no trigger; `ensure` wants data of
   * the last hour, and has no use for the key.
   */
  readonly mode: "run" | "resume" | "ensure"
}

/** What a worker is to do. */
export type Order =
  /** Open the workspace. */
  | {
      readonly _tag: "Open"
      readonly store: StorePlace
      readonly url: string
      readonly token: string
      readonly windows: Windows
    }
  /** Stop at this point from now on, or at none. */
  | { readonly _tag: "Arm"; readonly point: Point | undefined }
  | { readonly _tag: "Do"; readonly job: Job }

/** How a job ended, as its caller learns. */
export type End =
  | {
      readonly _tag: "Finished"
      readonly run: string
      readonly how: string
      readonly status: string
      readonly verdict: string
      /** How many rows the run delivered; absent where the vendor does not say. */
      readonly rows?: number
    }
  /** `began`: when the call began, in epoch milliseconds. What arrived before that is no longer under way. */
  | { readonly _tag: "NotStarted"; readonly began: number }
  | {
      readonly _tag: "Indeterminate"
      readonly entry: string
      readonly why: string
      readonly candidates: ReadonlyArray<string>
    }
  | { readonly _tag: "Failed"; readonly code: string; readonly message: string }

/** What a worker says. */
export type Report = { readonly _tag: "Opened" } | { readonly _tag: "Ended"; readonly job: number; readonly end: End }
