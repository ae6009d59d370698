/** What the suite and its processes say to each other. */

import type { CrashPoint } from "./course.ts"
import type { JobName } from "./jobs.ts"

/** What a process is to do. */
export type Order =
  /** Load the store's module, and say `Ready`. */
  | {
      readonly _tag: "Prepare"
      readonly module: string
      readonly data: unknown
      readonly work:
        | { readonly _tag: "Job"; readonly name: JobName; readonly input: unknown; readonly participant: string }
        | { readonly _tag: "Course"; readonly killAt: CrashPoint }
    }
  /** Begin. */
  | { readonly _tag: "Start" }

/** What a process says. */
export type Report =
  | { readonly _tag: "Ready" }
  | { readonly _tag: "Result"; readonly result: unknown }
  | { readonly _tag: "Failed"; readonly cause: string }
  /** A step of the course has ended, and the store has said so. */
  | { readonly _tag: "Done"; readonly step: string }
