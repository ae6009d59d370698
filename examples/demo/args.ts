/** Decodes the command line. */
import { parseArgs } from "node:util"
import * as FieldIssue from "@openretl/core/FieldIssue"
import { type RunRef, RunRefFromText } from "@openretl/core/Ref"
import { Result, Schema } from "effect"

export interface Args {
  /** The configuration file. Without one, the demo runs against staged emulators. */
  readonly config: string | undefined
  readonly json: boolean
  /** The runs to wait for. When it is set, nothing is triggered. */
  readonly resume: ReadonlyArray<RunRef> | undefined
  /** The directory that stores intents, so that they outlive this process. */
  readonly state: string | undefined
  readonly help: boolean
}

export const usage = `Triggers syncs of several Reverse ETL vendors at once, waits for their runs and judges how they ended.

  demo [--json]                                            runs staged syncs against emulators in this process
  demo --config file [--json] [--state dir]                runs the syncs of a configuration file
  demo --config file --resume ref... [--json]              waits for runs that were triggered before
  demo --config file --state dir --resume [ref...]         also settles the triggers stored in dir

  --config file     reads workspaces and syncs from a file, as in examples/demo/demo.example.json
  --json            prints JSON lines, and nothing else, to standard output
  --resume ref...   waits for these runs; their refs were printed when they were triggered
  --state dir       stores unsettled triggers in a directory, so that the next start can settle them after a crash
  --help            prints this text

Exit codes:
  0    every outcome is accepted (without --config: every sync ended as staged)
  1    an outcome is not accepted, or a trigger was refused
  2    the command line or the configuration is invalid
  3    it is unknown whether a run began, or how it ended
  130  stopped by SIGINT
  143  stopped by SIGTERM
  141  the reader of standard output closed it

Runs continue at the vendor however the demo ends.`

/** Decodes the arguments. Fails with every problem at once. */
export const decode = (argv: ReadonlyArray<string>): Result.Result<Args, ReadonlyArray<FieldIssue.FieldIssue>> => {
  const fail = (...messages: ReadonlyArray<string>) => Result.fail(messages.map((message) => ({ path: [], message })))
  const parsed = parse(argv)
  if (typeof parsed === "string") return fail(parsed)
  const { values, positionals } = parsed
  if (positionals.length > 0 && values.resume !== true) return fail("Expected refs only after --resume")
  if (values.resume === true && values.config === undefined) {
    return fail("Expected --config with --resume: a ref names a workspace, and the file describes it")
  }
  if (values.state !== undefined && values.config === undefined) {
    return fail("Expected --config with --state: the staged emulators end with this process")
  }
  const refs = decodeRefs(positionals)
  if (Result.isFailure(refs)) {
    return Result.fail(FieldIssue.within(["--resume"], FieldIssue.fromSchemaError(refs.failure)))
  }
  if (values.resume === true && refs.success.length === 0 && values.state === undefined) {
    return fail("Expected at least one ref after --resume")
  }
  const runs = new Map(refs.success.map((ref) => [ref.key, ref]))
  return Result.succeed({
    config: values.config,
    json: values.json === true,
    resume: values.resume === true ? Array.from(runs.values()) : undefined,
    state: values.state,
    help: values.help === true,
  })
}

const decodeRefs = Schema.decodeUnknownResult(Schema.Array(RunRefFromText), { errors: "all" })

/** Returns the values by option, or a message that says what is wrong. */
const parse = (argv: ReadonlyArray<string>) => {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        config: { type: "string" },
        json: { type: "boolean" },
        resume: { type: "boolean" },
        state: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    })
  } catch (error) {
    // The first sentence only: the hints after it may repeat an argument.
    return error instanceof Error ? (error.message.split(". ")[0] ?? "Expected other arguments") : String(error)
  }
}
