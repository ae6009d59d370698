import { expect, it } from "@effect/vitest"
import { Effect, Random } from "effect"
import { crash } from "../src/harness.ts"
import { lines, problems } from "../src/report.ts"
import * as Stores from "../src/stores.ts"
import { windows, windowsText } from "../src/windows.ts"

/** The short form of `npm run crash`. */
const seed = 20_261_127

it.live(
  "T8, T10, J6: processes that are killed at every point start no run twice, and lose none",
  () =>
    Effect.gen(function* () {
      const outcome = yield* crash(yield* Stores.sqlite, { killsPerPoint: 2, windows })
      console.log(lines(`SQLite, seed ${seed}; short windows: ${windowsText}`, outcome).join("\n"))
      expect(problems(outcome, 2)).toEqual([])
    }).pipe(Effect.scoped, Random.withSeed(seed)),
  180_000,
)
