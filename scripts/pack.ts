/** Packs the packages as they would be published. */
import { mkdirSync, readdirSync, rmSync } from "node:fs"
import { pnpm, run } from "./command.ts"
import { conclude } from "./verdict.ts"
import { packages, packed, read } from "./workspace.ts"

const { packageManager } = JSON.parse(read("package.json")) as { readonly packageManager: string }

rmSync(packed, { recursive: true, force: true })
mkdirSync(packed, { recursive: true })
const filters = packages.flatMap((name) => ["--filter", `./packages/${name}`])
const command = [...pnpm(packageManager), "-r", ...filters, "pack", "--pack-destination", packed]
const { code, output } = await run(command)
const made = readdirSync(packed).length

conclude(
  code === 0 && made === packages.length
    ? []
    : [output.trim(), `${made} tarballs; ${packages.length} packages are listed in scripts/workspace.ts`],
  `${made} tarballs`,
)
