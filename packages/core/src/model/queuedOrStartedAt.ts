import type * as DateTime from "effect/DateTime"
import type { Run } from "./Run.ts"

/** Returns when a run was queued or, where the vendor does not report that, when it started. */
export const queuedOrStartedAt = ({
  queuedAt,
  startedAt,
}: Pick<Run, "queuedAt" | "startedAt">): DateTime.Utc | undefined => queuedAt ?? startedAt
