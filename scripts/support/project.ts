/** A project outside of this repository, with the packed packages and everything that the support table tries them with. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { npmInstall } from "../command.ts"
import { catalogVersion, packages, tarballOf } from "../workspace.ts"

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

const manifest = {
  private: true,
  type: "module",
  dependencies: {
    ...Object.fromEntries(packages.map((name) => [`@openretl/${name}`, `file:${tarballOf(name)}`])),
    ...Object.fromEntries(
      ["effect", "@types/node", "vitest", "esbuild", "msw"].map((name) => [name, catalogVersion(name)]),
    ),
    ...Object.fromEntries(Object.entries(typeScripts).map(([name, version]) => [name, `npm:typescript@${version}`])),
  },
  // What npm has no program of for this platform is left out of the table.
  optionalDependencies: {
    ...nodes,
    bun: catalogVersion("bun"),
    deno: catalogVersion("deno"),
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
  const { code, output } = await npmInstall(folder)
  if (code === 0) return { folder, write, remove }
  remove()
  throw new Error(`npm install failed\n${output.trim()}`)
}
