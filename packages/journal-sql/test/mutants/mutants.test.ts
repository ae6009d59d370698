import type { JournalHarness } from "@openretl/conformance/JournalHarness"
import { all } from "@openretl/conformance/JournalLaws"
import { verify } from "@openretl/conformance/JournalVerify"
import * as TestPostgres from "@openretl/test-postgres/TestPostgres"
import { Effect, Exit } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { third } from "../../../../scripts/forms.ts"
import { postgres, sqlite } from "../support/stores.ts"
import { type Mutant, type MutantName, mutants } from "./mutants.ts"

const server = await TestPostgres.start()
afterAll(() => server?.stop())

/** Returns whether the mutant breaks a case of the suite. A race may go well by chance: it is run again. */
const isNoticed = async ({ law, breaks }: Mutant, harness: JournalHarness): Promise<boolean> => {
  const cases = all.filter(({ ids, title }) => ids.split(", ").includes(law) && title.includes(breaks))
  expect(cases).toHaveLength(1)
  for (let tries = 0; tries < 3; tries++) {
    for (const broken of cases) {
      const exit = await Effect.runPromiseExit(Effect.timeout(verify(harness, broken), "20 seconds"))
      if (Exit.isFailure(exit)) return true
    }
  }
  return false
}

const stores: ReadonlyArray<readonly [Mutant["stores"][number], (name: MutantName) => JournalHarness]> = [
  ["SQLite", sqlite],
  ...(server === undefined ? [] : [["PostgreSQL", (name: MutantName) => postgres(server.url, name)] as const]),
]

describe.each(stores)("the suite notices every mutant of %s", { concurrent: true }, (store, harness) => {
  const cases = (Object.keys(mutants) as ReadonlyArray<MutantName>)
    .map((name): Mutant & { readonly name: MutantName } => ({ ...mutants[name], name }))
    .filter((mutant) => mutant.stores.includes(store))
  it.each(third(cases))("$law: a store that $behavior", { timeout: 120_000 }, async (mutant) => {
    expect(await isNoticed(mutant, harness(mutant.name))).toBe(true)
  })
})
