/**
 * Kills processes that trigger syncs over one journal, and compares what the vendor really did with the journal and with
 * what callers were told.
 *
 *     npm run crash [-- --seed 7 --kills-per-point 20 --store sqlite]
 *
 * The stores are `sqlite` and `postgres`; without `--store`, both. Prints the seed, the windows and the counts. Ends with 1 where a bound is broken.
 */
import process from "node:process"
import { parseArgs } from "node:util"
import * as TestPostgres from "@openretl/test-postgres/TestPostgres"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { crash } from "./harness.ts"
import { lines, problems } from "./report.ts"
import * as Stores from "./stores.ts"
import { windows, windowsText } from "./windows.ts"

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "20261127" },
    "kills-per-point": { type: "string", default: "16" },
    store: { type: "string", default: "both" },
  },
})
const seed = Number(values.seed)
const killsPerPoint = Number(values["kills-per-point"])

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const stores = { SQLite: Stores.sqlite, PostgreSQL: Stores.postgres } as const

const testStore = (name: keyof typeof stores) =>
  Effect.gen(function* () {
    const store = yield* stores[name]
    if (store === undefined) {
      print(`${name}: skipped, ${TestPostgres.missing}`)
      return []
    }
    const outcome = yield* crash(store, { killsPerPoint, windows })
    for (const line of lines(`${name}, seed ${seed}; short windows: ${windowsText}`, outcome)) print(line)
    return problems(outcome, killsPerPoint).map((problem) => `${name}: ${problem}`)
  }).pipe(Effect.scoped, Random.withSeed(seed))

const chosen = Object.keys(stores).filter(
  (name) => values.store === "both" || name.toLowerCase().startsWith(values.store),
)
const found = await Effect.runPromise(Effect.forEach(chosen as ReadonlyArray<keyof typeof stores>, testStore))
for (const problem of found.flat()) print(`broken: ${problem}`)
process.exitCode = found.flat().length === 0 ? 0 : 1
