/**
 * Runs the tests in their long form: all hand-made mutants, every variant of the laws at each vendor, 10,000 triggers and
 * interrupts, every odd clock and list, and more random values. Other arguments go to vitest.
 *
 *     npm run long [-- packages/simulation]
 */
import { spawnSync } from "node:child_process"
import { longVariable } from "./forms.ts"

const { status } = spawnSync("vitest", ["run", ...process.argv.slice(2)], {
  env: { ...process.env, [longVariable]: "1" },
  stdio: "inherit",
})
process.exitCode = status ?? 1
