import type { Law } from "@openretl/conformance/Law"
import * as Laws from "@openretl/conformance/Laws"
import { verify } from "@openretl/conformance/Verify"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { describe, expect, it } from "vitest"
import { firstOfEach, form } from "../../../scripts/forms.ts"
import { harnessWith, withoutCreate, withoutDelete } from "./configurationHarness.ts"

const all = Laws.of().filter(({ setup }) => setup.configuration !== undefined)
const laws = firstOfEach(all)

describe.each([
  ["create", harnessWith(withoutCreate), "a new sync is disabled and manual by default, and never fires"],
  ["delete", harnessWith(withoutDelete), "a delete deletes its sync and no other"],
] as const)("an adapter whose vendor cannot %s syncs conforms", (operation, harness, lawThatNeedsIt) => {
  const skipped = { _tag: "Skipped", reason: `the workspace cannot ${operation} syncs` }
  const verdictOf = (law: Law) => Effect.runPromise(Effect.provide(verify(harness, law), TestClock.layer()))

  // The adapters whose vendors lack these run all of them.
  const some = laws.filter((_, index) => index % 2 === (operation === "create" ? 0 : 1))
  it.each(form(some, laws))("$ids: $title", { timeout: 60_000 }, async (law) => {
    await expect(verdictOf(law)).resolves.toBeDefined()
  })

  it("a law that needs it is skipped with the reason", async () => {
    const verdicts = await Promise.all(all.filter(({ title }) => title === lawThatNeedsIt).map(verdictOf))
    expect(verdicts).toEqual([skipped])
  })
})
