import type { JournalHarness } from "@openretl/conformance/JournalHarness"
import { all } from "@openretl/conformance/JournalLaws"
import { verify } from "@openretl/conformance/JournalVerify"
import * as Journal from "@openretl/core/Journal"
import { Effect, Exit } from "effect"
import { describe, expect, it } from "vitest"
import { third } from "../../../../../scripts/forms.ts"
import { inMemory } from "../memory.ts"
import { mutants } from "./mutants.ts"

/** Returns the title of the first law with this id that the mutant breaks. */
const brokenLaw = async (id: string, harness: JournalHarness): Promise<string | undefined> => {
  for (const law of all.filter(({ ids }) => ids.split(", ").includes(id))) {
    const exit = await Effect.runPromiseExit(verify(harness, law))
    if (Exit.isFailure(exit)) return law.title
  }
  return undefined
}

describe("the suite notices every mutant of a store", () => {
  it.each(third(mutants))("$law: a store that $behavior", async ({ law, change }) => {
    const mutated = inMemory(() => {
      const journal = Journal.memory()
      return { ...journal, ...change(journal) }
    })
    expect(await brokenLaw(law, mutated)).toBeDefined()
  })

  it("J9: a store of which each client has another id", async () => {
    const { place, ...harness } = inMemory(Journal.memory)
    let clients = 0
    const mutated: JournalHarness = {
      ...harness,
      place: Effect.map(place, (original) => ({
        ...original,
        open: Effect.map(original.open, (journal) => ({ ...journal, id: `client ${++clients}` })),
      })),
    }
    expect(await brokenLaw("J9", mutated)).toBeDefined()
  })
})
