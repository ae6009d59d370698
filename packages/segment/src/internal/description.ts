/** The description of Segment for core, apart from the facts behind it: running syncs takes no fact. */
import type { Description } from "@openretl/core/driver/Description"

/** The rate limits and windows that core applies. */
export const description: Description = {
  limits: [
    { name: "start", operations: ["start"], requests: 20, window: "1 minute" },
    { name: "get", operations: ["get"], requests: 250, window: "1 minute" },
    // What holds for the other endpoints, and for the token, is higher and not published.
    { name: "default", operations: "all", requests: 600, window: "1 minute" },
    { name: "create", operations: ["create"], requests: 5, window: "1 minute" },
    { name: "update", operations: ["update"], requests: 5, window: "1 minute" },
    { name: "delete", operations: ["delete"], requests: 5, window: "1 minute" },
  ],
  whenBusy: "unknown",
  runAppearsWithin: "2 minutes",
  readLag: "1 minute",
  unknownRun: "not-found",
}
