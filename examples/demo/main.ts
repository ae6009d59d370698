/**
 * The demo: `node --conditions=@openretl/source examples/demo/main.ts [--config file] [--json] [--resume ref...]`.
 *
 * Without a configuration file it puts emulators of three vendors on loopback and runs against those; with one, the same
 * program runs against whatever the file says. `--help` tells the rest.
 */
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as IntentStore from "@openretl/core/IntentStore"
import type { RunRef } from "@openretl/core/Ref"
import { Cause, Effect, Exit, Fiber, Result } from "effect"
import * as Args from "./args.ts"
import * as Board from "./board.ts"
import * as Config from "./config.ts"
import { readConfigFile } from "./configFile.ts"
import { type Ending, exitCode } from "./event.ts"
import * as FileIntentStore from "./fileIntentStore.ts"
import { unsettled } from "./leftover.ts"
import * as Outlet from "./outlet.ts"
import * as Program from "./program.ts"
import { command, unfinished } from "./resumeCommand.ts"
import { type Review, review } from "./review.ts"
import * as Stage from "./stage.ts"
import * as Stop from "./stop.ts"
import type { View } from "./view.ts"
import * as Words from "./words.ts"

/** What the program is run with. */
interface Setting {
  readonly title: string
  readonly config: Config.Config
  /** Present where the vendors are emulators of this process. */
  readonly stage: Stage.Stage | undefined
}

const setting = (args: Args.Args) =>
  Effect.gen(function* () {
    if (args.config !== undefined) {
      const config = yield* readConfigFile(args.config, process.env, args.resume)
      const many = args.resume === undefined ? Words.counted(config.syncs.length, "sync") : "Runs to wait for"
      return { title: `${many}, by ${Words.printable(args.config, 60)}`, config, stage: undefined }
    }
    const stage = yield* Stage.make()
    const config = yield* Config.read(stage.document, stage.env)
    return { title: "Three vendors, emulated on loopback: ten seconds pass in one.", config, stage }
  })

const intentStore = (directory: string | undefined) =>
  directory === undefined ? Effect.sync(IntentStore.memory) : FileIntentStore.make(directory)

/** Runs the program, whatever ends it, and returns the exit code. */
const show = Effect.fnUntraced(function* (args: Args.Args, view: View, stop: Stop.Stop) {
  const { title, config, stage }: Setting = yield* setting(args)
  const intents = yield* intentStore(args.state)
  let board: Board.Board = new Map()
  const listener: Program.Listener = {
    begin: (tasks) => {
      board = Board.of(tasks)
      view.begin(title, board)
    },
    hear: (event) => {
      board = Board.after(board, event)
      view.show(event, board)
    },
  }
  const fiber = yield* Program.run({ config, intents, resume: args.resume }, listener).pipe(
    Effect.scoped,
    Effect.provide(Outlet.logger(view)),
    Effect.forkChild,
  )
  const reason = yield* stop.during(fiber, () => {
    const triggering = Array.from(board.values()).filter(({ state }) => state === "triggering").length
    if (triggering > 0) view.log(settlingNotice(triggering))
  })
  const exit = yield* Fiber.await(fiber)
  if (Exit.isFailure(exit) && reason === undefined) return yield* Effect.failCause(exit.cause)

  const left = yield* unsettled(intents, config.workspaces, args.state)
  const reviewed = stage === undefined || Exit.isFailure(exit) ? undefined : yield* review(stage, board)
  const code = reason?.exitCode ?? codeOf(reviewed, Exit.isSuccess(exit) ? exit.value : new Map())
  const refs: ReadonlyArray<RunRef> = [...unfinished(board), ...left.refs]
  const isUseful = stage === undefined && (refs.length > 0 || (args.state !== undefined && left.many > 0))
  view.end(board, {
    exitCode: code,
    interrupted: reason !== undefined,
    resume: isUseful ? command(args, refs) : undefined,
    remarks: [
      ...left.remarks,
      ...(reviewed?.remarks ?? []),
      ...(stage !== undefined && reason !== undefined ? [stageEnds] : []),
    ],
  })
  return code
}, Effect.scoped)

const codeOf = (reviewed: Review | undefined, endings: ReadonlyMap<string, Ending>): number => {
  if (reviewed !== undefined) return reviewed.asStaged ? 0 : 1
  return exitCode(Array.from(endings.values()))
}

const stageEnds = "The staged vendors end with this process; examples/demo/serve.ts gives them one of their own."

const settlingNotice = (many: number) => ({
  level: "Info",
  message: `stopping; ${Words.counted(many, "trigger")} under way may still settle, 5 s at most (again: stop at once)`,
  annotations: {},
})

/** Prints problems, none of which holds a value from the file or the environment. */
const complain = (issues: ReadonlyArray<FieldIssue.FieldIssue>, json: boolean) =>
  Effect.sync(() => {
    if (json) process.stdout.write(`${JSON.stringify({ event: "problems", exitCode: 2, issues })}\n`)
    for (const issue of issues) process.stderr.write(`${Words.printable(FieldIssue.toText([issue]), 1000)}\n`)
    return 2
  })

const print = (stream: NodeJS.WriteStream, text: string) => Effect.sync(() => void stream.write(`${text}\n`))

const main = (argv: ReadonlyArray<string>, stop: Stop.Stop): Effect.Effect<number> => {
  const read = Args.read(argv)
  if (Result.isFailure(read)) return complain(read.failure, argv.includes("--json"))
  const args = read.success
  if (args.help) return Effect.as(print(process.stdout, Args.usage), 0)
  return Outlet.make(args.json).pipe(
    Effect.flatMap((view) => show(args, view, stop)),
    Effect.catchTags({
      ConfigProblems: ({ issues }) => complain(issues, args.json),
      IntentStoreError: ({ message }) => complain([{ path: ["--state"], message }], args.json),
      RetlError: ({ message }) => complain([{ path: [], message }], args.json),
    }),
    Effect.catchCause((cause) => Effect.as(print(process.stderr, Cause.pretty(cause)), 70)),
  )
}

const stop = Stop.make()
process.exitCode = await Effect.runPromise(main(process.argv.slice(2), stop))
