/** The program `openretl`. */
import process from "node:process"
import * as Cause from "effect/Cause"
import * as CliConfig from "effect/cli/CliConfig"
import * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as ExitCode from "./ExitCode.ts"
import * as Failure from "./internal/commands/failure.ts"
import { root } from "./internal/commands/root.ts"
import * as Usage from "./internal/commands/usage.ts"
import * as Vendors from "./internal/configuration/vendors.ts"
import * as CommandLine from "./internal/terminal/commandLine.ts"
import * as Compiled from "./internal/terminal/compiled.ts"
import * as Log from "./internal/terminal/log.ts"
import * as Printer from "./internal/terminal/printer.ts"
import * as Services from "./internal/terminal/services.ts"
import * as Stop from "./internal/terminal/stop.ts"
import { wrapHelp } from "./internal/terminal/wrap.ts"
import { version } from "./version.ts"

const args = process.argv.slice(2)
const printer = Printer.make(process, CommandLine.wantsJson(args))

/** Whether a program named no command. A person who names none reads the help. */
const lacksCommand = printer.json && CommandLine.namesNothing(args)

/** What is wrong with a command line goes to standard error: what reads standard output never gets a help text instead. */
const presenter = CliOutput.layerPresenter({
  present: (event) => {
    if (event._tag === "Help") {
      if (lacksCommand) return refuse(["Expected a subcommand"], event.commandPath)
      const help = CliOutput.defaultFormatter({
        colors: Printer.wantsColor(process),
        // The flags that all commands have are explained once.
        globalFlags: event.commandPath.length > 1 ? "summary" : "full",
      }).formatHelpDoc(event.helpDoc)
      return Effect.sync(() => void process.stdout.write(`${wrapHelp(help, printer.columns)}\n`))
    }
    if (event._tag !== "InvalidInvocation") return CliOutput.defaultPresenter.present(event)
    return refuse(event.errors.map(Usage.messageOf), event.commandPath)
  },
})

/** Prints what is wrong with a command line. */
const refuse = (messages: ReadonlyArray<string>, commandPath: ReadonlyArray<string>): Effect.Effect<void> =>
  Effect.andThen(
    printer.problems(...messages, `Try: ${commandPath.join(" ")} --help`),
    printer.object("problems", {
      exitCode: ExitCode.numberOf("badInput"),
      issues: messages.map((message) => ({ path: [], message })),
    }),
  )

/** Returns the exit code of how the program ended, and prints why where nothing has yet. */
const conclude = (exit: Exit.Exit<void, unknown>): Effect.Effect<number> =>
  Effect.gen(function* () {
    const stopped = Stop.exitCode()
    if (stopped !== undefined) {
      yield* printer.stopped()
      return stopped
    }
    if (Exit.isSuccess(exit)) return 0
    const error = Cause.squash(exit.cause)
    if (CliError.isCliError(error))
      return error._tag === "ShowHelp" && error.errors.length === 0 && !lacksCommand ? 0 : ExitCode.numberOf("badInput")
    return ExitCode.numberOf(yield* Failure.print(printer, error))
  })

const wrongWords = CommandLine.problems(args)
const program = (
  wrongWords.length > 0
    ? Effect.andThen(refuse(wrongWords, ["openretl"]), Effect.fail(new Failure.Ended("badInput")))
    : Command.runWith(root, { version })(args)
).pipe(
  Effect.provide(
    Layer.mergeAll(
      Services.layer,
      Layer.succeed(Vendors.Loader, Compiled.load),
      presenter,
      CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
      Logger.layer([Log.logger(printer)]),
      Layer.succeed(References.MinimumLogLevel, Log.levelOf(process.env)),
    ),
  ),
)

// Node would end with 1, which says how a run ended.
process.on("uncaughtException", (error) => {
  Effect.runSync(Effect.asVoid(Failure.print(printer, error)))
  process.exit(ExitCode.numberOf("defect"))
})

const fiber = Effect.runFork(program)
Stop.listen(() => void Effect.runFork(Fiber.interrupt(fiber)))
const code = await Effect.runPromise(Effect.flatMap(Fiber.await(fiber), conclude))
// All output has left, or its reader has gone. What is left, such as an idle connection, does not hold the program up.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write("", resolve))))
process.exit(Stop.exitCode() ?? code)
