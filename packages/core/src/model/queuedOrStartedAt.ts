import type * as DateTime from "effect/DateTime"
import type { Run } from "./Run.ts"

/** Returns when a run came into being, where the vendor reports it: it may wait in a queue before it starts. */
export const queuedOrStartedAt = ({
  queuedAt,
  startedAt,
}: Pick<Run, "queuedAt" | "startedAt">): DateTime.Utc | undefined => queuedAt ?? startedAt
