/** `demo`: ten syncs of six emulated vendors, with everything that can go wrong. */
import { existsSync } from "node:fs"
import * as Journal from "@openretl/core/Journal"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Configuration from "../../Configuration.ts"
import { tasksOf } from "../demo/tasks.ts"
import { perform } from "../tasks/perform.ts"
import * as CommandLine from "../terminal/commandLine.ts"
import * as Format from "../terminal/format.ts"
import * as Printer from "../terminal/printer.ts"
import { badInput } from "./badInput.ts"
import { Ended } from "./failure.ts"
import * as Globals from "./globals.ts"
import { writeDocument } from "./save.ts"
import { withTransport } from "./transport.ts"

const speed = Flag.Finite("speed").pipe(
  Flag.withDescription("How many emulated seconds pass in a real one (default: 10)"),
  Flag.filter(
    (value) => value > 0 && value <= 100_000,
    () => "Expected a number above 0, at most 100000",
  ),
  Flag.withDefault(10),
)

const serve = Flag.String("serve").pipe(
  Flag.withMetavar("file"),
  Flag.withDescription(
    "Only serve the emulators, and write their configuration to this file, for commands in another terminal",
  ),
  Flag.optional,
  Flag.map(Option.getOrUndefined),
)

export const demo = Command.make("demo", { speed, serve }, ({ speed, serve: file }) =>
  Effect.gen(function* () {
    const json = yield* Globals.Json
    const printer = Printer.make(yield* Printer.Streams, json)
    // Loaded only here: nothing else of the command line needs the emulators.
    if (file !== undefined && existsSync(file)) {
      return yield* badInput(`${file} exists already. Remove it, or choose another file with --serve.`)
    }
    const Stage = yield* Effect.promise(() => import("../demo/stage.ts"))
    const stage = yield* Stage.make({ speed })
    if (file !== undefined) {
      yield* writeDocument(file, stage.document)
      const tokens = Object.entries(stage.env)
      yield* printer.lines(
        ...tokens.map(([name, token]) => `export ${name}=${token}`),
        `# serving until Ctrl-C: in another terminal, run these lines, then ${CommandLine.text("run-all", CommandLine.flag("--config", file))}`,
      )
      yield* printer.object("serving", { path: file, env: stage.env })
      return yield* Effect.never
    }
    const configuration = yield* Configuration.decode(stage.document, { env: stage.env })
    const journal = Journal.memory()
    const fleet = yield* configuration.open(journal)
    const session = { configuration, fleet, journal, location: { _tag: "Memory" } as const }
    const tasks = tasksOf(configuration, stage)
    const { review } = yield* Effect.promise(() => import("../demo/review.ts"))
    const code = yield* perform({
      session,
      json,
      title: `Triggers ${Format.counted(tasks.length, "sync")} of six emulated vendors, at ${speed === 10 ? "ten" : speed} times real speed.`,
      tasks,
      flags: [],
      endsWithProcess: true,
      review: (board) =>
        Effect.map(review(stage, board), ({ isAsStaged, remarks }) => ({
          remarks,
          code: isAsStaged ? ("ok" as const) : ("notAccepted" as const),
        })),
    })
    if (code !== "ok") return yield* Effect.fail(new Ended(code))
  }).pipe(Effect.scoped, withTransport),
).pipe(Command.withDescription("Run ten syncs of six emulated vendors, with everything that can go wrong"))
