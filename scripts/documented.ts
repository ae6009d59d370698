/**
 * Checks that every public name has a doc comment: each export that the `exports` of a package lead to, and each function
 * and each optional field of exported interfaces, classes and object types.
 *
 *     node scripts/documented.ts [--missing [package]] [--shrink]
 *
 * `--missing` lists the names without a comment. scripts/documented/baseline.json has the number that each package may
 * still have. The numbers only shrink: the check fails where a number is higher than needed, and `--shrink` lowers it.
 */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { publicNames } from "./documented/publicNames.ts"
import { conclude } from "./verdict.ts"
import { packages, read, root } from "./workspace.ts"

const path = "scripts/documented/baseline.json"

const { values, positionals } = parseArgs({
  options: { missing: { type: "boolean", default: false }, shrink: { type: "boolean", default: false } },
  allowPositionals: true,
})

const baseline = JSON.parse(read(path)) as Readonly<Record<string, number>>

const results = packages.map((name) => {
  const names = publicNames(root, join(root, "packages", name))
  const missing = names.filter(({ isDocumented }) => !isDocumented)
  return { name, count: names.length, missing, allowed: baseline[name] ?? 0 }
})

const list = (missing: (typeof results)[number]["missing"]): string =>
  missing.map(({ file, line, name }) => `${file}:${line}: ${name} has no doc comment`).join("\n")

if (values.missing) {
  const chosen = positionals.length === 0 ? results : results.filter(({ name }) => positionals.includes(name))
  for (const { missing } of chosen) if (missing.length > 0) console.log(list(missing))
} else {
  const lowered = results.map(({ name, missing, allowed }) => [name, Math.min(allowed, missing.length)] as const)
  if (values.shrink) {
    const allowances = Object.fromEntries(lowered.filter(([, allowed]) => allowed > 0))
    writeFileSync(join(root, path), `${JSON.stringify(allowances, undefined, 2)}\n`)
  }
  const total = results.reduce((sum, { count }) => sum + count, 0)
  const missing = results.reduce((sum, { missing }) => sum + missing.length, 0)
  conclude(
    results.flatMap(({ name, missing, allowed }) => {
      if (missing.length > allowed) return [`${list(missing)}\n${name}: ${missing.length} names, at most ${allowed}`]
      return missing.length < allowed && !values.shrink
        ? [`${path}: ${name} has ${missing.length} now; lower it with node scripts/documented.ts --shrink`]
        : []
    }),
    `${total - missing} of ${total} public names have a doc comment`,
  )
}
