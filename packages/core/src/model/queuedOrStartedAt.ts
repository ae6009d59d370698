import type * as DateTime from "effect/DateTime"
import type { Run } from "./Run.ts"

/** When a run came into being, as far as the vendor tells: it may wait in a queue before it starts. */
export const queuedOrStartedAt = ({
  queuedAt,
  startedAt,
}: Pick<Run, "queuedAt" | "startedAt">): DateTime.Utc | undefined => queuedAt ?? startedAt
