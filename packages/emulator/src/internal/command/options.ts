/** The arguments of the command `openretl-emulator`. */
import { readFileSync } from "node:fs"
import { parseArgs } from "node:util"
import type * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Emulator } from "../../Emulator.ts"
import { withSyncs } from "../../Emulators.ts"
import { type VendorName, vendors } from "../vendors.ts"

/** What the command prints for `--help`, and after a mistake. */
export const usage = `openretl-emulator <${Object.keys(vendors).join(" | ")}>... [options]

Serves emulators of the vendors' APIs on 127.0.0.1, each with its control API below /__emulator. Time is real.
Prints one line of JSON for each when it listens: vendor, url, control, token, workspace, and the ids of its syncs.

  --port <number>      The port of the first; each further one has the next port. Default: any free ports.
  --speed <number>     How many emulated seconds pass in a real one. Default: 1.
  --syncs <number>     Add so many syncs to each, from 0 to 100.
  --configuration <file>
                       Also write an openretl.json of their workspaces and syncs. The tokens stay out of it: the lines that
                       set them go to standard error.
  --options <json>     Options of the emulator as a JSON object, or @ and the name of a file with one: syncs, speed, seed, token,
                       plan, readLag, changeTakes, normalization, omittedFields, latency, stopTakes, limits, switches;
                       region (Segment, RudderStack) or workspaceId (Zeotap). Default: no sync, and a token from the seed.
  --end-with-stdin     End when standard input ends, and so when the program that started the command ends.
  --help               Print this text.
`

/** What the command is to do. */
export type Invocation =
  | { readonly _tag: "Help" }
  | {
      readonly _tag: "Serve"
      /** How to make each emulator, in the order of the vendors. */
      readonly emulators: ReadonlyArray<Effect.Effect<Emulator>>
      /** The port of the first; 0 for any free ports. */
      readonly port: number
      /** The file for the configuration of their workspaces. */
      readonly configuration: string | undefined
      readonly endsWithStdin: boolean
    }

/** The arguments are wrong; one line for each problem. */
type Problems = ReadonlyArray<string>

/** Reads the arguments, or returns everything that is wrong with them. */
export const parse = (args: ReadonlyArray<string>): Result.Result<Invocation, Problems> => {
  const parsed = Result.try(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: "string", default: "0" },
        options: { type: "string", default: "{}" },
        speed: { type: "string" },
        syncs: { type: "string", default: "0" },
        configuration: { type: "string" },
        "end-with-stdin": { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }),
  )
  if (Result.isFailure(parsed)) return Result.fail([messageOf(parsed.failure)])
  const { values, positionals } = parsed.success
  if (values.help) return Result.succeed({ _tag: "Help" })

  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN
  const speed = values.speed === undefined ? undefined : Number(values.speed)
  const syncs = /^\d{1,3}$/.test(values.syncs) ? Number(values.syncs) : Number.NaN
  const unknown = positionals.filter((name) => !Object.hasOwn(vendors, name))
  const read = readJson(values.options)
  const options = Result.map(read, (json) =>
    speed === undefined || typeof json !== "object" || json === null ? json : { ...json, speed },
  )
  const made = positionals.flatMap((name) =>
    Object.hasOwn(vendors, name)
      ? [Result.map(Result.flatMap(options, vendors[name as VendorName].decode), (make) => withSyncs(make, syncs))]
      : [],
  )
  const failed = made.flatMap((make) => (Result.isFailure(make) ? make.failure : []))
  const problems: Problems = [
    ...(unknown.length > 0 || positionals.length === 0
      ? [
          `Expected one or several of ${Object.keys(vendors).join(", ")}${unknown.length > 0 ? `, not ${unknown.join(", ")}` : ""}`,
        ]
      : []),
    ...(port >= 0 && port + positionals.length <= 65_536 ? [] : ["--port: Expected a number from 0 to 65535"]),
    ...(speed === undefined || (speed > 0 && speed <= 100_000)
      ? []
      : ["--speed: Expected a number above 0, at most 100000"]),
    ...(syncs <= 100 ? [] : ["--syncs: Expected a number from 0 to 100"]),
    // The same options serve all vendors: what is wrong with them is said once.
    ...Array.from(new Set(failed), (problem) => `--options: ${problem}`),
  ]
  if (problems.length > 0) return Result.fail(problems)
  return Result.succeed({
    _tag: "Serve",
    emulators: made.flatMap((make) => (Result.isSuccess(make) ? [make.success] : [])),
    port,
    configuration: values.configuration,
    endsWithStdin: values["end-with-stdin"],
  })
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const readJson = (text: string): Result.Result<unknown, Problems> =>
  Result.try({
    try: (): unknown => JSON.parse(text.startsWith("@") ? readFileSync(text.slice(1), "utf8") : text),
    catch: (error) => [messageOf(error)],
  })
