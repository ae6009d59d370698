/** A project outside of this repository, with the packed packages and everything that the support table tries them with. */
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { run } from "../command.ts"
import { packages, packed, read } from "../workspace.ts"

export interface Project {
  readonly folder: string
  /** Writes a file of the project. */
  readonly write: (name: string, text: string) => void
  /** Removes the project. */
  readonly remove: () => void
}

/** The editions of TypeScript that declarations are checked with, by the name under which they are installed. */
export const typeScripts = {
  "typescript-5.8": "5.8.3",
  "typescript-5.9": "5.9.3",
  "typescript-6.0": "6.0.3",
  "typescript-7.0": "7.0.2",
}

const platform = process.platform === "win32" ? "win" : process.platform

/** The Nodes that are tried, exactly, as the table names them, by the package that has the program for this platform. */
export const nodes = {
  "node-22": `npm:node-${platform}-${process.arch}@22.23.5`,
  "node-24": `npm:node-${platform}-${process.arch}@24.22.3`,
}

const [, versions = ""] = read("pnpm-workspace.yaml").split("\ncatalog:\n")

/** The version in the catalog of this workspace. */
const catalog = (name: string): string => {
  const [, version] = new RegExp(`^  "?${name}"?: (\\S+)$`, "m").exec(versions) ?? []
  if (version === undefined) throw new Error(`pnpm-workspace.yaml: the catalog has no ${name}`)
  return version
}

const tarballOf = (name: string): string => {
  const file = readdirSync(packed).find((file) => file.startsWith(`openretl-${name}-`))
  if (file === undefined) throw new Error(`${packed} has no tarball of ${name}: run scripts/pack.ts first`)
  return join(packed, file)
}

const manifest = {
  private: true,
  type: "module",
  dependencies: {
    ...Object.fromEntries(packages.map((name) => [`@openretl/${name}`, `file:${tarballOf(name)}`])),
    ...Object.fromEntries(["effect", "@types/node", "vitest", "esbuild", "msw"].map((name) => [name, catalog(name)])),
    ...Object.fromEntries(Object.entries(typeScripts).map(([name, version]) => [name, `npm:typescript@${version}`])),
  },
  // What npm has no program of for this platform is left out of the table.
  optionalDependencies: {
    ...nodes,
    bun: catalog("bun"),
    deno: catalog("deno"),
    jest: "30.5.2",
    miniflare: "4.20260730.0",
  },
}

/** Makes the project and installs it with npm. Fails with what npm printed. */
export const install = async (): Promise<Project> => {
  const folder = mkdtempSync(join(tmpdir(), "openretl-support-"))
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  const remove = () => rmSync(folder, { recursive: true, force: true })
  cpSync(join(import.meta.dirname, "programs"), folder, { recursive: true })
  write("package.json", JSON.stringify(manifest, undefined, 2))
  const command = ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]
  const { code, output } = await run(command, { cwd: folder })
  if (code === 0) return { folder, write, remove }
  remove()
  throw new Error(`npm install failed\n${output.trim()}`)
}
