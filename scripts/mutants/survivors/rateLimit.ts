/** The survivors of the rate limit. */
import type { Survivor } from "./survivor.ts"

export const ofRateLimit: ReadonlyArray<Survivor> = [
  {
    file: "packages/core/src/engine/rate-limit/lanes.ts",
    before: "export const Priority = { urgent: 0, write: 1, read: 2, poll: 3 } as const",
    after: "export const Priority = { urgent: 0, write: 1, read: 2, poll: 4 } as const",
    kind: "equivalent",
    reason: "The numbers are compared with each other alone: the last one is still the greatest.",
  },
  {
    file: "packages/core/src/engine/rate-limit/lanes.ts",
    before: "share: 1,",
    after: "share: 2,",
    kind: "equivalent",
    reason: "A workspace joins the lanes before its first request, which sets the share.",
  },
  {
    file: "packages/core/src/engine/rate-limit/lanes.ts",
    before: "pausedAt: 0,",
    after: "pausedAt: 1,",
    kind: "equivalent",
    reason: "It is read during a pause alone, and the 429 that begins one sets it.",
  },
  {
    file: "packages/core/src/engine/rate-limit/lanes.ts",
    before: "remaining: 0,",
    after: "remaining: 1,",
    kind: "equivalent",
    reason: "It counts until `remainingUntil` alone, which lies behind until an answer sets both.",
  },
  {
    file: "packages/core/src/engine/rate-limit/lanes.ts",
    before: "const kind = (waiter.isPoll ? 1 : 0) + (waiter.isHeld ? 2 : 0)",
    after: "const kind = (waiter.isPoll ? 1 : 0) + (waiter.isHeld ? 3 : 0)",
    kind: "equivalent",
    reason: "Each kind still has a number of its own.",
  },
  {
    file: "packages/core/src/engine/rate-limit/lanes.ts",
    before: "const kind = (waiter.isPoll ? 1 : 0) + (waiter.isHeld ? 2 : 0)",
    after: "const kind = (waiter.isPoll ? 1 : 0) - (waiter.isHeld ? 2 : 0)",
    kind: "equivalent",
    reason: "Each kind still has a number of its own.",
  },
  {
    file: "packages/core/src/engine/rate-limit/lanes.ts",
    before: "if (earliest === undefined || mostUrgent === undefined) return wait",
    after: "if (earliest === undefined && mostUrgent === undefined) return wait",
    kind: "equivalent",
    reason: "Where one of the two is there, so is the other: the condition is for the compiler.",
  },
  {
    file: "packages/core/src/engine/rate-limit/lanes.ts",
    before: "if (earliest !== mostUrgent) earliest.lane.overtaken = isEarliest ? 0 : earliest.lane.overtaken + 1",
    after: "if (true) earliest.lane.overtaken = isEarliest ? 0 : earliest.lane.overtaken + 1",
    kind: "harmless",
    reason:
      "Where the earliest request is also the most urgent, it was its turn either way, and the count begins anew.",
  },
  {
    file: "packages/core/src/engine/rate-limit/rateLimit.ts",
    before: "const lane = byOperation.get(operation) ?? Lanes.laneOf(lanes, limits, operation)",
    after: "const lane = Lanes.laneOf(lanes, limits, operation)",
    kind: "equivalent",
    reason: "It saves work: `laneOf` returns the same lane each time.",
  },
  {
    file: "packages/core/src/engine/rate-limit/rateLimit.ts",
    before: "byOperation.set(operation, lane)",
    after: "undefined",
    kind: "equivalent",
    reason: "It saves work: `laneOf` returns the same lane each time.",
  },
  {
    file: "packages/core/src/engine/rate-limit/rateLimit.ts",
    before: "confirm: (_, grant) => (joined === undefined ? Effect.succeed(false) : confirm(joined, grant)),",
    after: "confirm: (_, grant) => (false ? Effect.succeed(false) : confirm(joined, grant)),",
    kind: "equivalent",
    reason: "A grant comes from lanes that were joined: the condition is for the compiler.",
  },
  {
    file: "packages/core/src/engine/rate-limit/rateLimit.ts",
    before: "confirm: (_, grant) => (joined === undefined ? Effect.succeed(false) : confirm(joined, grant)),",
    after: "confirm: (_, grant) => (joined === undefined ? Effect.succeed(true) : confirm(joined, grant)),",
    kind: "equivalent",
    reason: "A grant comes from lanes that were joined: the condition is for the compiler.",
  },
  {
    file: "packages/core/src/engine/rate-limit/slots.ts",
    before: "const later = pool.cooling.findIndex((other) => other.at > at)",
    after: "const later = pool.cooling.findIndex((other) => other.at >= at)",
    kind: "equivalent",
    reason: "Slots with the same time are free again together, in whatever order they stand.",
  },
]
