/**
 * Kills processes that trigger syncs over one journal, and compares what the vendor really did with the journal and with
 * what callers learned. `npm run crash -- --help` lists the options.
 */
import process from "node:process"
import * as TestPostgres from "@openretl/test-postgres/TestPostgres"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import { crash } from "./harness.ts"
import { type Invocation, parse, type StoreName, usage } from "./options.ts"
import { header, lines, problems, type Tested } from "./report.ts"
import * as Stores from "./stores.ts"
import { windows } from "./windows.ts"

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const stores = {
  sqlite: { title: "SQLite", open: Stores.sqlite },
  postgres: { title: "PostgreSQL", open: Stores.postgres },
} as const

type Settings = Extract<Invocation, { readonly _tag: "Test" }>

/** Tests one store. Returns why it could not, where it could not. */
const testStore = (name: StoreName, { seed, killsPerPoint }: Settings): Effect.Effect<Tested | string> =>
  Effect.gen(function* () {
    const { title, open } = stores[name]
    const store = yield* open
    if (store === undefined) return `${title} is missing: ${TestPostgres.missing}; --store sqlite tests SQLite alone`
    const outcome = yield* crash(store, { killsPerPoint, windows })
    print(`${title}: ${outcome.counts["kills"]} kills in ${outcome.counts["seconds"]} s`)
    return { store: title, outcome }
  }).pipe(
    Effect.scoped,
    Random.withSeed(seed),
    Effect.catchCause((cause) =>
      Effect.succeed(`${stores[name].title} was not tested: ${String(Cause.squash(cause))}`),
    ),
  )

const run = async (settings: Settings): Promise<number> => {
  for (const line of header(settings)) print(line)
  const ends = await Effect.runPromise(Effect.forEach(settings.stores, (name) => testStore(name, settings)))
  const tested = ends.filter((end) => typeof end !== "string")
  for (const line of lines(tested)) print(line)
  const broken = [...ends.filter((end) => typeof end === "string"), ...problems(tested, settings.killsPerPoint)]
  print("")
  for (const problem of broken) print(`broken: ${problem}`)
  if (broken.length === 0) print("All bounds hold.")
  return broken.length === 0 ? 0 : 1
}

const invocation = parse(process.argv.slice(2))
if (Result.isFailure(invocation)) {
  process.stderr.write(`${invocation.failure}\n`)
  process.exitCode = 2
} else if (invocation.success._tag === "Help") {
  process.stdout.write(usage)
} else {
  process.exitCode = await run(invocation.success)
}
