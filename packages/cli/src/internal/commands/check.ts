/** What `doctor` says about one thing. */
import type * as ExitCode from "../../ExitCode.ts"

/** One thing that was looked at. */
export interface Check {
  readonly workspace: string
  readonly check: string
  readonly state: "ok" | "warn" | "fail" | "skip"
  readonly detail: string
  readonly guidance?: string
  readonly exitCode?: ExitCode.Name
}
