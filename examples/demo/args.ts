/** The command line. */
import { parseArgs } from "node:util"
import type * as FieldIssue from "@openretl/core/FieldIssue"
import { type RunRef, readRun } from "@openretl/core/Ref"
import { Result } from "effect"

export interface Args {
  /** The configuration file; without one, a staged demonstration. */
  readonly config: string | undefined
  readonly json: boolean
  /** The runs to wait for; nothing is triggered then. */
  readonly resume: ReadonlyArray<RunRef> | undefined
  /** Where intents are kept, so that they outlive this process. */
  readonly state: string | undefined
  readonly help: boolean
}

export const usage = `Triggers syncs of several Reverse ETL vendors at once, waits for their runs and judges how they ended.

  demo [--json]                                     a staged demonstration against emulators in this process
  demo --config file [--json] [--state dir]         the syncs of a configuration file
  demo --config file --resume ref... [--json]       waits for runs that were triggered before

  --config file   workspaces and syncs, as in examples/demo/demo.example.json
  --json          JSON lines on stdout, and nothing else
  --resume ref... refs of runs, as they are printed when a run is triggered
  --state dir     keeps what is needed to find out, after a crash, what became of a trigger
  --help          this text

Exit codes: 0 every outcome is accepted (without a configuration file: it went as staged); 1 some outcome is not, or a
trigger was refused; 2 the configuration or the command line is wrong; 3 how some run ended, or whether it began, is not
known; 130 and 143 stopped by a signal; 141 nobody reads the output any more. In all these cases runs go on.`

/** Reads the arguments, or says all that is wrong with them. */
export const read = (argv: ReadonlyArray<string>): Result.Result<Args, ReadonlyArray<FieldIssue.FieldIssue>> => {
  const wrong = (...messages: ReadonlyArray<string>) => Result.fail(messages.map((message) => ({ path: [], message })))
  const parsed = parse(argv)
  if (typeof parsed === "string") return wrong(parsed)
  const { values, positionals } = parsed
  if (positionals.length > 0 && values.resume !== true) return wrong("Expected refs only after --resume")
  if (values.resume === true && values.config === undefined) {
    return wrong("Expected --config beside --resume: a ref names a workspace, and the file describes it")
  }
  if (values.state !== undefined && values.config === undefined) {
    return wrong("Expected --config beside --state: the staged emulators end with this process")
  }
  const refs = positionals.map(readRun)
  const issues = refs.flatMap((ref, index) =>
    Result.isSuccess(ref)
      ? []
      : ref.failure.issues.map(({ message }) => ({ path: ["--resume", String(index)], message })),
  )
  if (issues.length > 0) return Result.fail(issues)
  if (values.resume === true && refs.length === 0 && values.state === undefined) {
    return wrong("Expected at least one ref after --resume")
  }
  const runs = new Map(refs.flatMap((ref) => (Result.isSuccess(ref) ? [[ref.success.key, ref.success] as const] : [])))
  return Result.succeed({
    config: values.config,
    json: values.json === true,
    resume: values.resume === true ? Array.from(runs.values()) : undefined,
    state: values.state,
    help: values.help === true,
  })
}

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
    // The first sentence; what follows are hints that may repeat an argument.
    return error instanceof Error ? (error.message.split(". ")[0] ?? "Expected other arguments") : String(error)
  }
}
