import type { JournalHarness } from "@openretl/conformance/JournalHarness"
import { all } from "@openretl/conformance/JournalLaws"
import { verify } from "@openretl/conformance/JournalVerify"
import * as TestPostgres from "@openretl/test-postgres/TestPostgres"
import { Effect, Exit } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { postgres, sqlite } from "../support/stores.ts"
import { type Mutant, type MutantName, mutants } from "./mutants.ts"

const server = await TestPostgres.start()
afterAll(() => server?.stop())

/** Returns the title of a law with this id that the mutant breaks. A race may go well by chance: it is run again. */
const brokenLaw = async (id: string, harness: JournalHarness): Promise<string | undefined> => {
  for (let tries = 0; tries < 3; tries++) {
    for (const law of all.filter(({ ids }) => ids.split(", ").includes(id))) {
      const exit = await Effect.runPromiseExit(Effect.timeout(verify(harness, law), "10 seconds"))
      if (Exit.isFailure(exit)) return law.title
    }
  }
  return undefined
}

const stores: ReadonlyArray<readonly [Mutant["stores"][number], (name: MutantName) => JournalHarness]> = [
  ["SQLite", sqlite],
  ...(server === undefined ? [] : [["PostgreSQL", (name: MutantName) => postgres(server.url, name)] as const]),
]

describe.each(stores)("the suite notices every mutant of %s", (store, harness) => {
  const names = Object.keys(mutants) as ReadonlyArray<MutantName>
  const cases = names.flatMap((name) => {
    const { stores, law, behavior }: Mutant = mutants[name]
    return stores.includes(store) ? [{ name, law, behavior }] : []
  })
  it.each(cases)("$law: a store that $behavior", { timeout: 120_000 }, async ({ name, law }) => {
    expect(await brokenLaw(law, harness(name))).toBeDefined()
  })
})
