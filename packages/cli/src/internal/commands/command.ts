/** How a command is made: it gets a printer and, once its flags are right, the session; what it opens ends with it. */
import * as CliCommand from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as EffectScope from "effect/Scope"
import * as JournalLocation from "../configuration/journalLocation.ts"
import * as CommandLine from "../terminal/commandLine.ts"
import * as Printer from "../terminal/printer.ts"
import * as Globals from "./globals.ts"
import * as Session from "./session.ts"
import { withTransport } from "./transport.ts"

/** What a handler works with. */
export interface Surroundings {
  readonly printer: Printer.Printer
  readonly session: Session.Session
  /** The path of the configuration file. */
  readonly path: string
  /** The flags that a further command needs to find the same configuration and journal. */
  readonly flags: ReadonlyArray<string>
  /** Returns the text of such a command: with these flags, with the names that it is about, and with further flags. */
  readonly line: (command: string, names?: ReadonlyArray<string>, further?: ReadonlyArray<string>) => string
}

type Handler<Parameters extends CliCommand.Command.Config, E> = (
  input: CliCommand.Command.Config.Infer<Parameters>,
  surroundings: Surroundings,
) => Effect.Effect<void, E, EffectScope.Scope>

const make =
  (place: "as configured" | "none") =>
  <const Name extends string, const Parameters extends CliCommand.Command.Config, E>(
    name: Name,
    parameters: Parameters,
    handler: Handler<Parameters, E>,
  ) =>
    CliCommand.make(name, parameters, (input) =>
      Effect.gen(function* () {
        const printer = Printer.make(yield* Printer.Streams, yield* Globals.Json)
        const file = yield* Globals.Config
        const journal = yield* Globals.JournalFlag
        const path = Session.pathOf(file)
        const configuration = yield* Session.load(path)
        // A dry run is as with an empty journal, and leaves no file.
        const isDry = Predicate.hasProperty(input, "dryRun") && input.dryRun === true
        const session = yield* Session.open(configuration, place === "none" || isDry ? "memory" : journal)
        const flags = [
          ...(file === undefined ? [] : CommandLine.flag("--config", file)),
          ...(journal === undefined ? [] : CommandLine.flag("--journal", JournalLocation.shown(journal))),
        ]
        const line: Surroundings["line"] = (command, names, further) => CommandLine.text(command, flags, names, further)
        yield* handler(input, { printer, session, path, flags, line })
      }).pipe(Effect.scoped, withTransport),
    )

/** Creates a command that reads the configuration, and opens its journal and its workspaces. */
export const command = make("as configured")

/** Creates a command that only reads at the vendors: it opens no journal, and leaves no file. */
export const readingCommand = make("none")
