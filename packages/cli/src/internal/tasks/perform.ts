/**
 * Does tasks before the eyes of a person or a program: a live table, plain lines, or JSON lines. It prints how each ended,
 * and, where it was stopped, the command that goes on. Returns the exit code.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as ExitCode from "../../ExitCode.ts"
import type { Session } from "../commands/session.ts"
import * as Targets from "../commands/targets.ts"
import * as JournalLocation from "../configuration/journalLocation.ts"
import * as CommandLine from "../terminal/commandLine.ts"
import * as Format from "../terminal/format.ts"
import * as Stop from "../terminal/stop.ts"
import * as Board from "./board.ts"
import { type Ending, exitCodeOf } from "./event.ts"
import * as Output from "./output.ts"
import { readPending } from "./pending.ts"
import * as Program from "./program.ts"

export interface Options extends Omit<Program.Options, "fleet"> {
  readonly session: Session
  readonly json: boolean
  /** The first line for people. */
  readonly title: string
  /** The flags that a command needs to go on with these runs, such as `--config file`. */
  readonly flags: ReadonlyArray<string>
  /** The flags by which the command line judges runs, and gives up: what goes on does so by the same. @default none */
  readonly judging?: { readonly policy: ReadonlyArray<string>; readonly deadline: ReadonlyArray<string> }
  /** What else to say at the end, and the exit code where it is not that of the endings. */
  readonly review?: (
    board: Board.Board,
  ) => Effect.Effect<{ readonly remarks: ReadonlyArray<string>; readonly code?: ExitCode.Name }>
  /** Whether the runs end with this process, as those of emulators in it do: then nothing can go on with them. */
  readonly endsWithProcess?: boolean
}

/** Does the tasks. An interrupt leaves the runs alone. A mistake in this program shows what there is, and dies. */
export const perform = (options: Options): Effect.Effect<ExitCode.Name> =>
  Effect.gen(function* () {
    const { session, tasks, json, title, flags } = options
    const view = yield* Output.make(json)
    let board: Board.Board = Board.make(tasks)
    view.begin(title, board)
    const stopping = Stop.onSignal(() => {
      const triggering = Array.from(board.values()).filter(({ state }) => state === "triggering").length
      const isSure = tasks.some(({ next }) => next._tag === "Trigger")
      if (triggering > 0) view.log(settlingNotice(triggering, isSure))
    })
    const program = Program.run({ ...options, fleet: session.fleet }, (event) => {
      board = Board.update(board, event)
      view.show(event, board)
    }).pipe(Effect.provide(Output.logger(view)))
    return yield* Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        const exit = yield* Effect.exit(restore(program))
        stopping()
        const isStopped = Exit.isFailure(exit)
        const isDefect = Exit.isFailure(exit) && Cause.hasDies(exit.cause)
        const endings = Exit.isSuccess(exit) ? exit.value : new Map<string, Ending>()
        const read = yield* Effect.result(readPending(session, tasks))
        const pending = Result.isSuccess(read)
          ? read.success
          : { syncs: [], remarks: [Format.printable(Format.sentences(read.failure.summary, read.failure.guidance))] }
        const reviewed = isStopped || options.review === undefined ? undefined : yield* options.review(board)
        const code =
          reviewed?.code ??
          ExitCode.worst([
            ...Array.from(endings.values(), exitCodeOf),
            ...(Result.isFailure(read) ? [ExitCode.ofError(read.failure)] : []),
          ])
        const number = isStopped
          ? (Stop.exitCode() ?? ExitCode.numberOf(isDefect ? "defect" : "interrupted"))
          : ExitCode.numberOf(code)
        // The report's last line says it.
        if (isStopped) Stop.markTold()
        const journal = JournalLocation.fileOf(session.location)
        const hasFailedJournal = Result.isFailure(read) || Array.from(endings.values()).some(isOfJournal)
        const resume = options.endsWithProcess ? undefined : commandToGoOn(options, board, pending.syncs)
        view.end(board, {
          exitCode: number,
          interrupted: isStopped,
          resume,
          flags,
          policy: options.judging?.policy ?? [],
          remarks: [
            ...(isStopped && resume !== undefined ? notBegun(board) : []),
            ...pending.remarks,
            ...(hasFailedJournal && journal.journal !== undefined ? [`The journal is ${journal.journal}.`] : []),
            ...(reviewed?.remarks ?? []),
            ...(isStopped && options.endsWithProcess
              ? ["The emulated vendors end with this process, and their runs with them."]
              : []),
          ],
        })
        return isDefect ? yield* Effect.failCause(exit.cause) : code
      }),
    )
  })

const isOfJournal = (ending: Ending): boolean =>
  (ending._tag === "Refused" || ending._tag === "Unfinished") &&
  ending.error._tag === "RetlError" &&
  ending.error.reason._tag === "JournalFailed"

/** Says which syncs a command that was stopped has not begun. */
const notBegun = (board: Board.Board): ReadonlyArray<string> => {
  const names = Array.from(board.values()).flatMap(({ name, startedAt }) => (startedAt === undefined ? [name] : []))
  return names.length === 0 ? [] : [`Not triggered, and not triggered by the command below: ${names.join(", ")}.`]
}

const settlingNotice = (count: number, isSure: boolean) => ({
  level: "Info",
  message: `stopping: waits up to 5 s for ${isSure ? Format.counted(count, "trigger") : "a trigger, if one is under way,"} to settle; press Ctrl-C again to stop at once`,
  annotations: {},
})

/**
 * Returns the command that goes on with what has not ended. Where the journal outlives this process and has all of it, it names
 * the syncs; else the runs, as of a wait for a run that somebody else started.
 */
const commandToGoOn = (
  { session, flags, judging, tasks }: Options,
  board: Board.Board,
  pending: ReadonlyArray<string>,
): string | undefined => {
  const unended = Array.from(board.values()).filter(
    ({ ending }) => ending === undefined || ending._tag === "Unfinished",
  )
  // An entry of a sync whose run this command has seen end is another process's.
  const seen = new Set(
    Array.from(board.values()).flatMap(({ ending, syncName, ref }) =>
      ending?._tag === "Finished" ? [syncName ?? String(ref?.sync)] : [],
    ),
  )
  const names = new Set(session.location._tag === "Memory" ? [] : pending.filter((name) => !seen.has(name)))
  // A deadline that has passed would end the next command at once.
  const hasPassed = unended.some(
    ({ ending }) => ending?._tag === "Unfinished" && ending.error._tag === "WaitDeadlineExceeded",
  )
  const further = [...(hasPassed ? [] : (judging?.deadline ?? [])), ...(judging?.policy ?? [])]
  // What makes data fresh does not say for which run it waits: as a rule for the newest one, also one that others started.
  const making = new Set(tasks.flatMap(({ name, next }) => (next._tag === "Ensure" ? [name] : [])))
  const isAllPending = unended.every(({ name, ref, syncName, startedAt }) =>
    ref === undefined
      ? startedAt === undefined || !making.has(name) || names.has(name)
      : names.has(syncName ?? String(ref.sync)),
  )
  if (isAllPending) return names.size === 0 ? undefined : CommandLine.text("resume", flags, Array.from(names), further)
  const runs = unended.flatMap(({ name, ref }) =>
    ref !== undefined ? [Targets.shortOf(session.configuration, ref)] : making.has(name) ? [name] : [],
  )
  return runs.length === 0 ? undefined : CommandLine.text("wait", flags, runs, further)
}
