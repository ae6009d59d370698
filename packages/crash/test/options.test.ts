import { describe, expect, it } from "@effect/vitest"
import { Result } from "effect"
import { parse, usage } from "../src/options.ts"

describe("the command line", () => {
  it("has defaults, and takes each option", () => {
    const defaults = { _tag: "Test", seed: 20_261_127, killsPerPoint: 16, stores: ["sqlite", "postgres"] }
    expect(parse([])).toEqual(Result.succeed(defaults))
    const args = ["--seed", "7", "--kills-per-point", "2", "--store", "postgres"]
    expect(parse(args)).toEqual(Result.succeed({ _tag: "Test", seed: 7, killsPerPoint: 2, stores: ["postgres"] }))
    expect(parse(["--help"])).toEqual(Result.succeed({ _tag: "Help" }))
  })

  it.each([
    [["--stores", "sqlite"], "Unknown option '--stores'; --help lists the options"],
    [["sqlite"], "Unexpected argument 'sqlite'; --help lists the options"],
    [["--store", "mysql"], 'Expected sqlite or postgres for --store, found "mysql"; --help lists the options'],
    [["--seed", "1.5"], 'Expected a whole number from 0 for --seed, found "1.5"; --help lists the options'],
    [
      ["--kills-per-point=0"],
      'Expected a whole number from 1 for --kills-per-point, found "0"; --help lists the options',
    ],
  ])("refuses %j in one line", (args, message) => {
    expect(parse(args)).toEqual(Result.fail(message))
  })

  it("has a help of 80 columns", () => {
    for (const line of usage.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80)
  })
})
