/**
 * Checks the sources with oxlint: floors, circles, and what may not appear where (oxlint.config.ts).
 *
 *     node scripts/sources.ts [--shrink]
 *
 * scripts/sources/baseline.json lists violations that are not mended yet. The list only shrinks: the check fails where an
 * entry has no violation any more, and `--shrink` removes such entries.
 */
import { writeFileSync } from "node:fs"
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { lint } from "./sources/lint.ts"
import { conclude } from "./verdict.ts"
import { read, root } from "./workspace.ts"

const path = "scripts/sources/baseline.json"

const { values } = parseArgs({ options: { shrink: { type: "boolean", default: false } } })

const violations = await lint(root)
const keys = new Set(violations.map(({ key }) => key))
const baseline = JSON.parse(read(path)) as ReadonlyArray<string>
const current = baseline.filter((key) => keys.has(key))

if (values.shrink) writeFileSync(resolve(root, path), `${JSON.stringify(current, undefined, 2)}\n`)

const problems = [
  ...violations
    .filter(({ key }) => !baseline.includes(key))
    .map(({ file, line, rule, message }) => `${file}:${line}: ${rule}: ${message}`),
  ...(values.shrink ? [] : baseline)
    .filter((key) => !keys.has(key))
    .map((key) => `${path}: no such violation any more; remove it with node scripts/sources.ts --shrink: ${key}`),
]

conclude(problems, current.length === 0 ? "oxlint" : `oxlint, but for ${current.length} violations in ${path}`)
