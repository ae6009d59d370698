/**
 * Runs tests against mutants, within one worker that has loaded everything once.
 *
 * Each test runs without a mutant first, which shows what mutants it reaches and how long it takes. After that each
 * mutant runs the tests that reach it, the quick ones first, until one fails. The failing test then runs without the
 * mutant: where it fails still, the mutant has left something behind, and another session goes on.
 */
import { appendFileSync, readFileSync } from "node:fs"
import { type RunnerTestCase as Test, TestRunner, vi } from "vitest"
import { type Line, type Plan, type PlannedMutant, variable } from "./plan.ts"
import { slowTests } from "./targets.ts"

/** The name of the test in whose place the mutants run. */
export const mutants = "mutants"

/** A test that passes without a mutant. */
interface Case {
  /** The test file, as a path from the root. */
  readonly file: string
  readonly name: string
  readonly run: () => unknown
  readonly millis: number
  readonly reached: ReadonlySet<number>
  /** How often it took a mutant. */
  readonly ticks: number
  kills: number
}

/** The number of the chosen mutant, and what the present test does. */
const state = { chosen: 0, reached: new Set<number>(), ticks: 0, maxTicks: Number.POSITIVE_INFINITY }

const again = new Map<string, Array<() => void>>()

Object.assign(globalThis, {
  __mutant: (number: number): boolean => {
    state.reached.add(number)
    if (++state.ticks > state.maxTicks) throw new Error("This test does not end")
    return number === state.chosen
  },
  /** Adds a constant of a file, which is computed again for each mutant in its initializer. */
  __again: (file: string, compute: () => void): void => {
    again.set(file, [...(again.get(file) ?? []), compute])
  },
})

const choose = (mutant: PlannedMutant | undefined): void => {
  const file = mutant?.file
  state.chosen = mutant?.number ?? 0
  if (file !== undefined && mutant?.isStatic) for (const compute of again.get(file) ?? []) compute()
}

const leave = (mutant: PlannedMutant): void => {
  choose(undefined)
  if (mutant.isStatic) for (const compute of again.get(mutant.file) ?? []) compute()
}

const messageOf = (error: unknown): string => String(error instanceof Error ? error.message : error).slice(0, 200)

/** Runs a test. Returns why it fails; `undefined` where it passes. */
const run = async (test: Case): Promise<string | undefined> => {
  const limit = 2_000 + 10 * test.millis
  state.ticks = 0
  state.maxTicks = 200_000 + 20 * test.ticks
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<string>((resolve) => {
    timer = realSetTimeout(() => resolve("it takes too long"), limit)
  })
  try {
    return await Promise.race([Promise.resolve(test.run()).then(() => undefined), late])
  } catch (error) {
    return messageOf(error)
  } finally {
    clearTimeout(timer)
    vi.useRealTimers()
    state.maxTicks = Number.POSITIVE_INFINITY
  }
}

const realSetTimeout = setTimeout

export default class MutantRunner extends TestRunner {
  readonly #plan: Plan = JSON.parse(readFileSync(process.env[variable] ?? "", "utf8"))
  readonly #cases: Array<Case> = []

  #report(line: Line): void {
    appendFileSync(this.#plan.report, `${JSON.stringify(line)}\n`)
  }

  async runTask(test: Test): Promise<void> {
    if (test.name === mutants) return await this.#runMutants()
    const run = TestRunner.getTestFn(test)
    const name = nameOf(test)
    if (slowTests.some((slow) => name.includes(slow))) return
    state.reached = new Set()
    state.ticks = 0
    const start = performance.now()
    try {
      await run()
    } catch (error) {
      if (isSkipped(error)) throw error
      this.#report({ _tag: "Broken", test: name, error: messageOf(error) })
      throw error
    }
    const { reached, ticks } = state
    const [file = ""] = name.split(" > ")
    this.#cases.push({ file, name, run, millis: performance.now() - start, reached, ticks, kills: 0 })
  }

  async #runMutants(): Promise<void> {
    const total = this.#cases.reduce((sum, { millis }) => sum + millis, 0)
    this.#report({ _tag: "Ready", tests: this.#cases.length, millis: total })
    state.reached = new Set()
    for (const mutant of this.#plan.mutants) {
      if (!(await this.#runMutant(mutant))) return
    }
  }

  /** Returns whether the session can go on. */
  async #runMutant(mutant: PlannedMutant): Promise<boolean> {
    const { number } = mutant
    const cases = this.#cases
      .filter(({ file, reached }) => mutant.tests.includes(file) && reaches(reached, mutant))
      .sort(byPromise)
    for (const test of cases) {
      this.#report({ _tag: "Begun", number, test: test.name, millis: test.millis })
      choose(mutant)
      const error = await run(test)
      leave(mutant)
      if (error === undefined) continue
      test.kills++
      this.#report({ _tag: "Killed", number, test: test.name, error })
      if ((await run(test)) === undefined) return true
      this.#report({ _tag: "Spoiled", test: test.name })
      return false
    }
    this.#report({ _tag: "Survived", number, tests: cases.length })
    return true
  }
}

/** The quickest first, those that have killed others before those that have not. */
const byPromise = (one: Case, other: Case): number =>
  one.millis / (1 + one.kills) - other.millis / (1 + other.kills) || one.name.localeCompare(other.name)

/** What runs when a module is loaded matters to each test that reaches the module. */
const reaches = (reached: ReadonlySet<number>, { number, isStatic, inFile: [first, last] }: PlannedMutant): boolean => {
  if (!isStatic) return reached.has(number)
  for (let other = first; other <= last; other++) if (reached.has(other)) return true
  return false
}

/** Whether a test ended because it skipped itself. */
const isSkipped = (error: unknown): boolean =>
  typeof error === "object" && error !== null && Reflect.get(error, "code") === "VITEST_PENDING"

const nameOf = (test: Test): string => {
  const names = [test.name]
  for (let suite = test.suite; suite !== undefined && suite.name !== ""; suite = suite.suite) names.unshift(suite.name)
  return names.join(" > ")
}
