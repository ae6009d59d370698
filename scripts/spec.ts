/**
 * Prints which tests prove which law. SPEC.md has the laws; titles of tests begin with the ids of laws, as in
 * `it("T4: ...")`, `it.effect("T4, T8: ...")`, `describe("[T4] ...")` and `law("T4", "...")`. Fails where a law in force
 * has no test, and where a test cites an id that SPEC.md does not have.
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
const lawIds = new Set(laws.map(({ id }) => id))
const lawsById = Map.groupBy(laws, ({ id }) => id)

const problems = [
  ...(laws.length === 0 ? ["SPEC.md: no laws found"] : []),
  ...[...lawsById].filter(([, sameId]) => sameId.length > 1).map(([id]) => `SPEC.md: two laws have the id ${id}`),
  ...inForce.filter(({ id }) => provenBy(id).length === 0).map(({ id }) => `${id} is in force and no test cites it`),
  ...citations.flatMap(({ ids, file, line, title }) =>
    ids
      .filter((id) => !lawIds.has(id))
      .map((id) => `${file}:${line}: cites ${id}, which SPEC.md does not have: ${title}`),
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
