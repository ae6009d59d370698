/**
 * Compiles the packages to `dist`, and removes compiled files whose source is gone. `--unchecked`: types are checked elsewhere, as
 * `npm test` does with all sources at once.
 */
import { existsSync, rmSync } from "node:fs"
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { run } from "./command.ts"
import { bundleCommandLine } from "./commandLine.ts"
import { builtFiles, packages, root } from "./workspace.ts"

for (const path of packages.flatMap(builtFiles)) {
  const source = path.replace("/dist/", "/src/").replace(/\.(?:d\.ts|js)(?:\.map)?$/, ".ts")
  if (!existsSync(resolve(root, source))) rmSync(resolve(root, path))
}

const { values } = parseArgs({ options: { unchecked: { type: "boolean", default: false } } })
const { code, output } = await run(["tsc", "-b", "tsconfig.build.json", ...(values.unchecked ? ["--noCheck"] : [])])
process.stdout.write(output)
if (code === 0) await bundleCommandLine(resolve(root, "packages/cli/dist/bin"), false)
process.exitCode = code ?? 1
