/** Packs the published packages as a release does. */
import { mkdirSync, readdirSync, rmSync } from "node:fs"
import { pnpm, run } from "./command.ts"
import { conclude } from "./verdict.ts"
import { packages, packed, read } from "./workspace.ts"

const { packageManager } = JSON.parse(read("package.json")) as { readonly packageManager: string }

rmSync(packed, { recursive: true, force: true })
mkdirSync(packed, { recursive: true })
const filters = packages.flatMap((name) => ["--filter", `./packages/${name}`])
const { code, output } = await run([...pnpm(packageManager), "-r", ...filters, "pack", "--pack-destination", packed])
const tarballs = readdirSync(packed).length

conclude(
  code === 0 && tarballs === packages.length ? [] : [output.trim(), `${tarballs} tarballs of ${packages.length}`],
  `${tarballs} tarballs`,
)
