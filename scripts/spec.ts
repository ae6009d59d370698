/**
 * Which tests prove which law: reads the laws from SPEC.md and the ids that titles of tests begin with, as in
 * `it("T4: ...")`, `it.effect("T4, T8: ...")`, `describe("[T4] ...")` and `law("T4", "...")`. A law in force without a
 * test is a failure, and so is a test that cites a law which is not there.
 *
 *     npm run spec [-- --json]
 */
import { parseArgs } from "node:util"
import { type Citation, citationsIn } from "./spec/citations.ts"
import { lawsIn } from "./spec/laws.ts"
import { conclude } from "./verdict.ts"
import { files, read } from "./workspace.ts"

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } })

const laws = lawsIn(read("SPEC.md"))

const citations = files(
  "packages/*/test/**/*.{test,test-d}.ts",
  "packages/conformance/src/**/*.ts",
  "examples/**/*.ts",
).flatMap((path) => citationsIn(path, read(path)))

const provenBy = (id: string): ReadonlyArray<Citation> => citations.filter(({ ids }) => ids.includes(id))

const inForce = laws.filter((law) => law.inForce)
const known = new Set(laws.map(({ id }) => id))
const counts = Map.groupBy(laws, ({ id }) => id)

const problems = [
  ...(laws.length === 0 ? ["SPEC.md: no laws found"] : []),
  ...[...counts].filter(([, same]) => same.length > 1).map(([id]) => `SPEC.md: ${id} is there twice`),
  ...inForce.filter(({ id }) => provenBy(id).length === 0).map(({ id }) => `${id} is in force and no test cites it`),
  ...citations.flatMap(({ ids, file, line, title }) =>
    ids.filter((id) => !known.has(id)).map((id) => `${file}:${line}: cites ${id}, which is not in SPEC.md: ${title}`),
  ),
]

if (values.json) {
  const rows = laws.map((law) => ({ ...law, tests: provenBy(law.id) }))
  console.log(JSON.stringify({ laws: rows, problems }, undefined, 2))
  if (problems.length > 0) process.exitCode = 1
} else {
  for (const law of laws) {
    console.log(`${law.id.padEnd(4)}${law.inForce ? "" : "(not yet in force) "}${law.claim}`)
    for (const { file, line, title } of provenBy(law.id)) console.log(`      ${file}:${line}  ${title}`)
  }
  console.log("")
  conclude(problems, `${inForce.length} laws in force, each proven; ${citations.length} tests cite laws`)
}
