/**
 * Does what the author of an adapter does first, in the consumer's project: writes a new adapter with the command of
 * `@openretl/conformance`, sees its suite red with the functions that are left, and green with the functions of the worked
 * example. The worked example of the package passes, too.
 */
import { cpSync } from "node:fs"
import { join } from "node:path"
import { run } from "../command.ts"
import { isLong } from "../forms.ts"

/** In the short form the first laws of each kind: the tests of this repository check the others from the sources. */
const laws = isLong ? "." : "^(?!.*attacks).*\\b[PTL]1\\b"

/** Returns what is wrong with the adapters of strangers. */
export const strangerProblems = async (project: string): Promise<ReadonlyArray<string>> => {
  const bin = (name: string) => join(project, "node_modules", ".bin", name)
  const vitest = (folder: string, ...args: ReadonlyArray<string>) =>
    run([bin("vitest"), "run", "--reporter=dot", "--root", join(project, folder), ...args], {
      cwd: project,
      env: { NO_COLOR: "1" },
      limit: 300,
    })
  const scaffold = (folder: string, ...args: ReadonlyArray<string>) =>
    run([bin("openretl-adapter"), "acme-data", join(project, folder), ...args], { cwd: project })

  const written = [await scaffold("unwritten"), await scaffold("written", "--written")]
  cpSync(join(project, "node_modules", "@openretl", "conformance", "example"), join(project, "example"), {
    recursive: true,
  })
  const failed = written.filter(({ code }) => code !== 0)
  if (failed.length > 0) return failed.map(({ output }) => `openretl-adapter failed\n${output.trim()}`)

  const [types, unwritten, ...passing] = await Promise.all([
    run([bin("tsc"), "-p", join(project, "unwritten")], { cwd: project, limit: 120 }),
    vitest("unwritten", "-t", "contact"),
    vitest("written", "-t", laws),
    vitest("example", "-t", laws),
  ])
  // A trigger reads the list first, and without one the suite has no run to read or to cancel.
  const unsaid = ["check", "list"].filter(
    (name) => !unwritten.output.includes(`${name} of the driver is not written yet`),
  )
  return [
    ...(types.code === 0 ? [] : [`a new adapter does not type-check\n${types.output.trim()}`]),
    ...(unwritten.code === 0 ? ["the suite of an adapter without functions is green"] : []),
    ...unsaid.map((name) => `the suite does not say that ${name} is not written yet\n${unwritten.output.trim()}`),
    ...passing.flatMap(({ code, output }) =>
      code === 0 ? [] : [`a stranger's adapter fails the suite\n${output.trim()}`],
    ),
  ]
}
