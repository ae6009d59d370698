/**
 * The demo: `node --conditions=@openretl/source examples/demo/main.ts [--config file] [--json] [--resume ref...]`.
 *
 * Without a configuration file, it serves emulators of three vendors on loopback and runs against them. With one, the same
 * program runs against the workspaces of the file. `--help` prints all options.
 */
import * as FieldIssue from "@openretl/core/FieldIssue"
import { Cause, Effect, Exit, Fiber, Result } from "effect"
import * as Args from "./args.ts"
import * as Board from "./board.ts"
import * as Config from "./config.ts"
import { readConfigFile } from "./configFile.ts"
import { type Ending, exitCode } from "./event.ts"
import * as Format from "./format.ts"
import * as Output from "./output.ts"
import { openJournal, readPending } from "./pending.ts"
import * as Program from "./program.ts"
import { refsToResume, resumeCommand } from "./resumeCommand.ts"
import { type Review, review } from "./review.ts"
import * as Stage from "./stage.ts"
import * as Stop from "./stop.ts"
import type { View } from "./view.ts"

/** What the program runs with. */
interface Setting {
  readonly title: string
  readonly config: Config.Config
  /** Present when the vendors are emulators in this process. */
  readonly stage: Stage.Stage | undefined
}

const settingOf = (args: Args.Args) =>
  Effect.gen(function* () {
    if (args.config !== undefined) {
      const config = yield* readConfigFile(args.config, process.env, args.resume)
      const path = Format.printable(args.config, 60)
      const title =
        args.resume === undefined
          ? `Triggers ${Format.counted(config.syncs.length, "sync")} of ${path}.`
          : `Waits for runs in the workspaces of ${path}.`
      return { title, config, stage: undefined }
    }
    const stage = yield* Stage.make()
    const config = yield* Config.decode(stage.document, stage.env)
    const syncs = Format.counted(config.syncs.length, "sync")
    return { title: `Triggers ${syncs} of three emulated vendors, at ten times real speed.`, config, stage }
  })

/** Runs the program until it ends or is stopped. Returns the exit code. */
const runDemo = Effect.fnUntraced(function* (args: Args.Args, view: View, stop: Stop.Stop) {
  const { title, config, stage }: Setting = yield* settingOf(args)
  const journal = yield* openJournal(args.journal)
  let board: Board.Board = new Map()
  const listener: Program.Listener = {
    onBegin: (tasks) => {
      board = Board.make(tasks)
      view.begin(title, board)
    },
    onEvent: (event) => {
      board = Board.update(board, event)
      view.show(event, board)
    },
  }
  const fiber = yield* Program.run({ config, journal, resume: args.resume, key: args.key }, listener).pipe(
    Effect.scoped,
    Effect.provide(Output.logger(view)),
    Effect.forkChild,
  )
  const reason = yield* stop.during(fiber, () => {
    const triggering = Array.from(board.values()).filter(({ state }) => state === "triggering").length
    if (triggering > 0) view.log(settlingNotice(triggering))
  })
  const exit = yield* Fiber.await(fiber)
  if (Exit.isFailure(exit) && reason === undefined) return yield* Effect.failCause(exit.cause)

  const pending = yield* readPending(journal, config.workspaces, args.journal)
  const reviewed = stage === undefined || Exit.isFailure(exit) ? undefined : yield* review(stage, board)
  const code = reason?.exitCode ?? codeOf(reviewed, Exit.isSuccess(exit) ? exit.value : new Map())
  const refs = refsToResume(board, pending.runs, args.journal !== undefined)
  const canResume = stage === undefined && (refs.length > 0 || (args.journal !== undefined && pending.count > 0))
  view.end(board, {
    exitCode: code,
    interrupted: reason !== undefined,
    resume: canResume ? resumeCommand(args, refs) : undefined,
    remarks: [
      ...pending.remarks,
      ...(reviewed?.remarks ?? []),
      ...(stage !== undefined && reason !== undefined ? [stageEndsRemark] : []),
    ],
  })
  return code
}, Effect.scoped)

const codeOf = (reviewed: Review | undefined, endings: ReadonlyMap<string, Ending>): number => {
  if (reviewed !== undefined) return reviewed.isAsStaged ? 0 : 1
  return exitCode(Array.from(endings.values()))
}

const stageEndsRemark =
  "The emulated vendors end with this process. To serve them from another process, use examples/demo/serve.ts."

const settlingNotice = (count: number) => ({
  level: "Info",
  message: `stopping: waits up to 5 s for ${Format.counted(count, "trigger")} to settle; press Ctrl-C again to stop at once`,
  annotations: {},
})

/** Prints the problems and returns exit code 2. No problem contains a value of the file or the environment. */
const printProblems = (issues: ReadonlyArray<FieldIssue.FieldIssue>, json: boolean) =>
  Effect.sync(() => {
    if (json) process.stdout.write(`${JSON.stringify({ event: "problems", exitCode: 2, issues })}\n`)
    for (const issue of issues) process.stderr.write(`${Format.printable(FieldIssue.toText([issue]), 1000)}\n`)
    return 2
  })

const print = (stream: NodeJS.WriteStream, text: string) => Effect.sync(() => void stream.write(`${text}\n`))

const main = (argv: ReadonlyArray<string>, stop: Stop.Stop): Effect.Effect<number> => {
  const decoded = Args.decode(argv)
  if (Result.isFailure(decoded)) return printProblems(decoded.failure, argv.includes("--json"))
  const args = decoded.success
  if (args.help) return Effect.as(print(process.stdout, Args.usage), 0)
  return Output.make(args.json).pipe(
    Effect.flatMap((view) => runDemo(args, view, stop)),
    Effect.catchTags({
      ConfigProblems: ({ issues }) => printProblems(issues, args.json),
      JournalError: ({ summary, guidance }) =>
        printProblems([{ path: ["--journal"], message: `${summary}. ${guidance}` }], args.json),
      RetlError: ({ summary }) => printProblems([{ path: [], message: summary }], args.json),
    }),
    Effect.catchCause((cause) => Effect.as(print(process.stderr, Cause.pretty(cause)), 70)),
  )
}

const stop = Stop.make()
process.exitCode = await Effect.runPromise(main(process.argv.slice(2), stop))
