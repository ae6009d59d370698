/** The public modules of the published packages: what one imports, and its source. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { filesIn, packages, read, root } from "../scripts/workspace.ts"

export interface PublicModule {
  /** As in `@openretl/core/Trigger`. */
  readonly name: string
  /** Path of the source from the root. */
  readonly source: string
}

type Exports = Readonly<Record<string, string | null | Readonly<Record<string, string>>>>

/** Modules that a path with a `*` leads to. */
const expanded = (folder: string, path: string, source: string): ReadonlyArray<readonly [string, string]> => {
  if (!source.includes("*")) return [[path, source]]
  const [before = "", after = ""] = source.split("*")
  return filesIn(join(root, folder), source).map((file) => {
    const stem = `./${file}`.slice(before.length, -after.length)
    return [path.replace("*", stem), `./${file}`]
  })
}

const modulesOf = (name: string): ReadonlyArray<PublicModule> => {
  const folder = `packages/${name}`
  const { exports } = JSON.parse(read(`${folder}/package.json`)) as { readonly exports: Exports }
  return Object.entries(exports)
    .flatMap(([path, target]) => {
      const source = target === null || typeof target === "string" ? undefined : target["@openretl/source"]
      return source === undefined || path === "." ? [] : expanded(folder, path, source)
    })
    .map(([path, source]) => ({ name: `@openretl/${name}${path.slice(1)}`, source: join(folder, source) }))
    .filter(({ name, source }, index, all) => {
      const first = all.findIndex((module) => module.name === name || module.source === source)
      return first === index && !name.endsWith("/index") && existsSync(join(root, source))
    })
}

/** The public modules, package by package. */
export const publicModules: ReadonlyArray<PublicModule> = packages.flatMap(modulesOf)
