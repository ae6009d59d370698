import { expect, it } from "@effect/vitest"
import { Effect, Random } from "effect"
import { form } from "../../../scripts/forms.ts"
import { crash } from "../src/harness.ts"
import { header, lines, problems } from "../src/report.ts"
import * as Stores from "../src/stores.ts"
import { windows } from "../src/windows.ts"

/** The short form of `npm run crash`. */
const seed = 20_261_127
const killsPerPoint = form(1, 4)

it.live(
  "T8, T10, J6: processes that are killed at every point start no run twice, and lose none",
  () =>
    Effect.gen(function* () {
      const outcome = yield* crash(yield* Stores.sqlite, { killsPerPoint, windows, lanes: 2, pastRuns: 25 })
      const tested = [{ store: "SQLite", outcome }]
      console.log([...header({ seed, killsPerPoint }), ...lines(tested)].join("\n"))
      expect(problems(tested, killsPerPoint)).toEqual([])
    }).pipe(Effect.scoped, Random.withSeed(seed)),
  180_000,
)
