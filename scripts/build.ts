/** Compiles the packages to `dist`, and removes compiled files whose source is gone. */
import { existsSync, rmSync } from "node:fs"
import { resolve } from "node:path"
import { run } from "./command.ts"
import { bundleCommandLine } from "./commandLine.ts"
import { builtFiles, packages, root } from "./workspace.ts"

for (const path of packages.flatMap(builtFiles)) {
  const source = path.replace("/dist/", "/src/").replace(/\.(?:d\.ts|js)(?:\.map)?$/, ".ts")
  if (!existsSync(resolve(root, source))) rmSync(resolve(root, path))
}

const { code, output } = await run(["tsc", "-b", "tsconfig.build.json"])
process.stdout.write(output)
if (code === 0) await bundleCommandLine(resolve(root, "packages/cli/dist/bin"), false)
process.exitCode = code ?? 1
