/**
 * Examines every hand-made mutant of stores and drivers. `npm test` takes a third of them.
 *
 *     npm run mutants
 */
import { spawnSync } from "node:child_process"
import { allVariable } from "./mutants/third.ts"

const { status } = spawnSync("vitest", ["run", "mutants.test.ts", "--testTimeout", "120000"], {
  stdio: "inherit",
  env: { ...process.env, [allVariable]: "1" },
})
process.exitCode = status ?? 1
