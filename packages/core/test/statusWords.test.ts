import { describe, expect, it } from "@effect/vitest"
import { usualEnd } from "../src/driver/StatusWords.ts"

describe("usual words for ends", () => {
  it.each([
    ["cancelled", "cancelled"],
    ["CANCELED", "cancelled"],
    ["Stopped", "cancelled"],
    ["timed out", "failed"],
    ["Timed-Out", "failed"],
    ["errored", "failed"],
    ["Success", "succeeded"],
    ["completed", "succeeded"],
  ])("R3: %s is %s", (word, status) => expect(usualEnd(word)).toBe(status))

  it.each([
    "",
    "running",
    "stopping",
    "cancelling",
    "completing",
    "partially failed",
    "succeeded?",
    "constructor",
    "__proto__",
  ])("R3: %j is unknown", (word) => expect(usualEnd(word)).toBe("unknown"))
})
