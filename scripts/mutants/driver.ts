/** The one test file of a session: it collects the tests of all the others, and runs the mutants after them. */
import { readFileSync } from "node:fs"
import { describe, it } from "vitest"
import { type Plan, variable } from "./plan.ts"
import { mutants } from "./runner.ts"

const plan: Plan = JSON.parse(readFileSync(process.env[variable] ?? "", "utf8"))

for (const path of plan.tests) {
  describe(path, async () => {
    await import(/* @vite-ignore */ `${plan.root}/${path}`)
  })
}

it(mutants, () => {})
