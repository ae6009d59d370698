/** Decodes the command line. */
import { parseArgs } from "node:util"
import * as FieldIssue from "@openretl/core/FieldIssue"
import { Key } from "@openretl/core/JournalEntry"
import { type RunRef, RunRefFromText } from "@openretl/core/Ref"
import { Result, Schema } from "effect"

export interface Args {
  /** The configuration file. Without one, the demo runs against staged emulators. */
  readonly config: string | undefined
  readonly json: boolean
  /** The runs to wait for. When it is set, nothing is triggered. */
  readonly resume: ReadonlyArray<RunRef> | undefined
  /** The file of the journal, so that runs outlive this process. */
  readonly journal: string | undefined
  /** The occasion of this start: a later start with the same key goes on with its runs. */
  readonly key: string | undefined
  readonly help: boolean
}

export const usage = `Triggers syncs of several Reverse ETL vendors at once, waits for their runs and judges how they ended.

  demo [--json]                                            runs staged syncs against emulators in this process
  demo --config file [--json]                              runs the syncs of a configuration file
  demo --config file --journal file --key key              the same; started again with this key, it starts no second run
  demo --config file --resume ref... [--json]              waits for runs that were triggered before
  demo --config file --journal file --resume [ref...]      also goes on with what the journal has

  --config file     reads workspaces and syncs from a file, as in examples/demo/demo.example.json
  --json            prints JSON lines, and nothing else, to standard output
  --journal file    keeps the journal in a SQLite file, so that runs outlive this process
  --key key         names the occasion, as in nightly/2026-11-27: each sync runs once for it
  --resume ref...   waits for these runs; their refs were printed when they were triggered
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
  if (values.journal !== undefined && values.config === undefined) {
    return fail("Expected --config with --journal: the staged emulators end with this process")
  }
  if (values.key !== undefined && values.journal === undefined) {
    return fail("Expected --journal with --key: without one, the key ends with this process")
  }
  if (values.key !== undefined && values.resume === true) {
    return fail("Expected either --key or --resume: a start that resumes triggers nothing")
  }
  const key = values.key === undefined ? undefined : decodeKey(values.key)
  if (key !== undefined && Result.isFailure(key)) {
    return Result.fail(FieldIssue.within(["--key"], FieldIssue.fromSchemaError(key.failure)))
  }
  const refs = decodeRefs(positionals)
  if (Result.isFailure(refs)) {
    return Result.fail(FieldIssue.within(["--resume"], FieldIssue.fromSchemaError(refs.failure)))
  }
  if (values.resume === true && refs.success.length === 0 && values.journal === undefined) {
    return fail("Expected at least one ref after --resume")
  }
  const runs = new Map(refs.success.map((ref) => [ref.key, ref]))
  return Result.succeed({
    config: values.config,
    json: values.json === true,
    resume: values.resume === true ? Array.from(runs.values()) : undefined,
    journal: values.journal,
    key: key?.success,
    help: values.help === true,
  })
}

const decodeKey = Schema.decodeUnknownResult(Key)

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
        journal: { type: "string" },
        key: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    })
  } catch (error) {
    // The first sentence only: the hints after it may repeat an argument.
    return error instanceof Error ? (error.message.split(". ")[0] ?? "Expected other arguments") : String(error)
  }
}
