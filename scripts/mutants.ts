/**
 * Runs the tests of core against mutants of it: programs with one small fault each, which a test has to notice. After that
 * it runs all hand-made mutants of the conformance suites, of which `npm test` runs a third.
 *
 *     npm run mutants [-- --count 250] [--seed 1] [--all] [--file lanes] [--short]
 *
 * Prints the survivors that `mutants/survivors.ts` does not list, and a table by area. Fails where less than 90 % of the
 * mutants are killed, and where a listed one is killed or gone. `--short`, a step of `npm test`, runs those that
 * would hurt (`mutants/short.ts`), each of which has to be killed.
 */
import { writeFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { parseArgs } from "node:util"
import { run } from "./command.ts"
import { longVariable } from "./forms.ts"
import { choose } from "./mutants/choice.ts"
import { type Mutant, mutate } from "./mutants/mutate.ts"
import { type Result, runAll } from "./mutants/session.ts"
import { pinned } from "./mutants/short.ts"
import { survivors } from "./mutants/survivors.ts"
import { targets, testsOf } from "./mutants/targets.ts"
import { judge, shown } from "./mutants/verdict.ts"
import { conclude } from "./verdict.ts"
import { read, root } from "./workspace.ts"

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "250" },
    seed: { type: "string", default: "20261128" },
    all: { type: "boolean", default: false },
    file: { type: "string" },
    short: { type: "boolean", default: false },
    output: { type: "string" },
  },
})

const start = performance.now()
const seconds = (): string => `${((performance.now() - start) / 1000).toFixed(0)} s`

const texts: Record<string, string> = {}
const ranges = new Map<string, readonly [number, number]>()
const nearest = new Map<string, ReadonlyArray<string>>()
const all: Array<Mutant> = []
/** The short form mutates the files of its mutants alone. */
const mutated = values.short ? targets.filter(({ file }) => pinned.some((one) => one.file === file)) : targets
for (const { area, file } of mutated) {
  const first = all.length + 1
  const { mutants, text } = mutate(area.name, file, read(file), first)
  all.push(...mutants)
  texts[file] = text
  ranges.set(file, [first, all.length])
  nearest.set(file, testsOf(area))
}

/** Runs mutants in as many sessions at once as there are processors. */
const runMutants = async (
  mutants: ReadonlyArray<Mutant>,
  testsFor: (file: string) => ReadonlyArray<string>,
  sessions: number,
): Promise<ReadonlyMap<number, Result>> => {
  let ended = 0
  const onResult = (): void => {
    if (++ended % 100 === 0) console.error(`${ended} of ${mutants.length}, ${seconds()}`)
  }
  const results = await Promise.all(
    Array.from({ length: sessions }, (_, session) => {
      const part = mutants.filter((_, index) => index % sessions === session)
      const planned = part.map(({ number, file, isStatic }) => ({
        ...{ number, file, isStatic, tests: testsFor(file) },
        inFile: ranges.get(file) ?? ([number, number] as const),
      }))
      const tests = [...new Set(planned.flatMap(({ tests }) => tests))]
      return runAll({ root, tests, texts, mutants: planned }, onResult)
    }),
  )
  const broken = [...new Set(results.flatMap(({ broken }) => broken))]
  if (broken.length > 0) throw new Error(`Tests fail without a mutant:\n${broken.join("\n")}`)
  return new Map(results.flatMap(({ byNumber }) => [...byNumber]))
}

/** Runs those of `npm test`. */
const short = async (): Promise<void> => {
  const found = pinned.map(({ file, before, after }) =>
    all.find((mutant) => mutant.file.endsWith(file) && mutant.before === before && mutant.after === after),
  )
  const gone = pinned.filter((_, index) => found[index] === undefined)
  const mutants = found.filter((mutant) => mutant !== undefined)
  const tests = [...new Set(pinned.flatMap(({ tests }) => tests))].map((name) => `packages/core/test/${name}.test.ts`)
  const results = await runMutants(mutants, () => tests, 1)
  const survived = mutants.filter(({ number }) => results.get(number)?._tag !== "Killed")
  conclude(
    [
      ...gone.map((mutant) => `Pinned, and gone: ${shown(mutant)}`),
      ...survived.map((mutant) => `Pinned, and no test notices it: ${shown(mutant)}`),
    ],
    `${mutants.length} mutants killed`,
  )
}

const percent = (killed: number, survived: number): string =>
  killed + survived === 0 ? "" : `${((100 * killed) / (killed + survived)).toFixed(1)} %`

const long = async (): Promise<void> => {
  const { count, seed, file } = values
  const candidates = file === undefined ? all : all.filter((mutant) => mutant.file.includes(file))
  const isWhole = values.all || file !== undefined
  const mutants = isWhole ? candidates : choose(candidates, Number(count), Number(seed))
  console.log(`${mutants.length} of ${all.length} mutants${isWhole ? "" : `, seed ${seed}`}`)
  const results = await runMutants(mutants, (file) => nearest.get(file) ?? [], Math.min(4, availableParallelism()))
  if (values.output !== undefined) {
    const lines = mutants.map((mutant) => ({ ...mutant, ...results.get(mutant.number) }))
    writeFileSync(values.output, JSON.stringify(lines, undefined, 1))
  }
  const { rows, share, unlisted, problems } = judge(all, results, survivors)
  for (const mutant of unlisted) console.log(`\nSurvived [${mutant.operator}]: ${shown(mutant)}`)

  const line = (cells: ReadonlyArray<string | number>): string =>
    String(cells[0]).padEnd(12) +
    cells
      .slice(1)
      .map((cell) => String(cell).padStart(12))
      .join("")
  const sum = (field: "killed" | "survived" | "equivalent"): number => rows.reduce((sum, row) => sum + row[field], 0)
  const totals = { area: "all", killed: sum("killed"), survived: sum("survived"), equivalent: sum("equivalent") }
  console.log(`\n${line(["area", "killed", "survived", "equivalent", "share"])}`)
  for (const { area, killed, survived, equivalent } of [...rows, totals]) {
    console.log(line([area, killed, survived, equivalent, percent(killed, survived)]))
  }
  console.log(`${seconds()}\n`)
  const handMadeProblems = file === undefined ? await handMade() : []
  conclude(
    [...problems, ...handMadeProblems],
    `${(100 * share).toFixed(1)} % of the mutants killed, ${unlisted.length} survivors not listed`,
  )
}

/** Runs all hand-made mutants. Returns a problem where the suites do not notice all of them. */
const handMade = async (): Promise<ReadonlyArray<string>> => {
  const patterns = ["packages/conformance/test/mutants", "packages/conformance/test/journal/mutants"]
  const command = ["vitest", "run", ...patterns, "packages/journal-sql/test/mutants"]
  const { code, output } = await run(command, { env: { [longVariable]: "1", NO_COLOR: "1" }, limit: 1_200 })
  const counts = /Tests .*/.exec(output)?.[0] ?? output
  console.log(`Hand-made mutants: ${counts.trim()}`)
  return code === 0 ? [] : ["The conformance suites do not notice all hand-made mutants:", output]
}

await (values.short ? short() : long())
