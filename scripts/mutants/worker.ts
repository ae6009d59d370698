/** The process of one session: a Vitest with one worker, whose modules have all mutants in them. */
import { readFileSync } from "node:fs"
import { createVitest, type TestModule } from "vitest/node"
import { type Plan, variable } from "./plan.ts"

const plan: Plan = JSON.parse(readFileSync(process.env[variable] ?? "", "utf8"))
const texts = new Map(Object.entries(plan.texts).map(([file, text]) => [`${plan.root}/${file}`, text]))
const here = (name: string) => new URL(name, import.meta.url).pathname

/** Says why a session cannot begin. Failing tests are in the report. */
const print = (modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>): void => {
  const collected = modules.flatMap((module) => [
    ...module.errors(),
    ...[...module.children.allSuites()].flatMap((suite) => suite.errors()),
  ])
  for (const error of [...collected, ...errors]) console.error(error)
}

const vitest = await createVitest(
  {
    root: plan.root,
    config: false,
    watch: false,
    include: ["scripts/mutants/driver.ts"],
    runner: here("./runner.ts"),
    pool: "threads",
    isolate: false,
    maxWorkers: 1,
    // The runner has time-outs of its own.
    testTimeout: 0,
    silent: true,
    reporters: [{ onTestRunEnd: (modules, errors) => print(modules, errors) }],
    dangerouslyIgnoreUnhandledErrors: true,
    fsModuleCache: false,
  },
  {
    // The same as in vitest.config.ts.
    ssr: { resolve: { conditions: ["@openretl/source", "node", "import", "module", "default"] } },
    plugins: [
      {
        name: "mutants",
        enforce: "pre",
        transform: (_, id) => {
          const text = texts.get(id.replace(/\?.*/, ""))
          return text === undefined ? null : { code: text, map: null }
        },
      },
    ],
  },
)
await vitest.start()
await vitest.close()
process.exit(0)
