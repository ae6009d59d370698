import { it } from "@effect/vitest"
import { named, SyncName } from "@openretl/core/Telemetry"
import { Effect } from "effect"
import { expect } from "vitest"

const nameWithin = (name: string) => Effect.runSync(named(name)(Effect.map(SyncName, (current) => current)))

it("a program has the name that its caller gives to the sync", () => {
  expect(nameWithin("crm-contacts")).toBe("crm-contacts")
  expect(nameWithin("x".repeat(200))).toBe("x".repeat(128))
  expect(nameWithin("")).toBeUndefined()
  expect(Effect.runSync(Effect.map(SyncName, (current) => current))).toBeUndefined()
})
