/** The options of `npm run crash`. */
import { parseArgs } from "node:util"
import * as Result from "effect/Result"
import { points } from "./points.ts"

/** The stores by the names that `--store` takes. */
export const storeNames = ["sqlite", "postgres"] as const
export type StoreName = (typeof storeNames)[number]

/** What a command line asks for. */
export type Invocation =
  | { readonly _tag: "Help" }
  | {
      readonly _tag: "Test"
      readonly seed: number
      readonly killsPerPoint: number
      readonly stores: ReadonlyArray<StoreName>
    }

export const usage = `Kills processes that trigger syncs over one journal, and compares what the
vendor really did with the journal and with what callers learned.

  npm run crash -- [options]

  --seed <number>             draws points, syncs and faults; default 20261127
  --kills-per-point <number>  kills at each of the ${points.length} points, for each store;
                              default 16
  --store <name>              ${storeNames.join(" or ")}; default both
  --help                      prints this

Ends with 0 where all bounds hold, with 1 where one is broken or a store is
missing, and with 2 where an option makes no sense. Takes a few minutes.
`

const wholeNumber = (option: string, text: string, least: number): number => {
  const number = Number(text)
  if (text.trim() === "" || !Number.isSafeInteger(number) || number < least) {
    throw new Error(`Expected a whole number from ${least} for --${option}, found "${text}"`)
  }
  return number
}

const isStoreName = (name: string): name is StoreName => storeNames.some((known) => known === name)

const storesOf = (name: string | undefined): ReadonlyArray<StoreName> => {
  if (name === undefined) return storeNames
  if (isStoreName(name)) return [name]
  throw new Error(`Expected ${storeNames.join(" or ")} for --store, found "${name}"`)
}

/** Decodes a command line. Fails with one sentence. */
export const parse = (args: ReadonlyArray<string>): Result.Result<Invocation, string> =>
  Result.try({
    try: (): Invocation => {
      const { values } = parseArgs({
        args: [...args],
        options: {
          seed: { type: "string", default: "20261127" },
          "kills-per-point": { type: "string", default: "16" },
          store: { type: "string" },
          help: { type: "boolean", default: false },
        },
      })
      if (values.help) return { _tag: "Help" }
      return {
        _tag: "Test",
        seed: wholeNumber("seed", values.seed, 0),
        killsPerPoint: wholeNumber("kills-per-point", values["kills-per-point"], 1),
        stores: storesOf(values.store),
      }
    },
    catch: (error) => `${(error as Error).message.split(". ")[0]}; --help lists the options`,
  })
