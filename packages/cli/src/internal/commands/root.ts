/** The whole command line. */
import * as Command from "effect/cli/Command"
import { demo } from "./demo.ts"
import { doctor } from "./doctor.ts"
import { emulate } from "./emulate.ts"
import * as Globals from "./globals.ts"
import { init } from "./init.ts"
import { pending, resolve, settle } from "./journalCommands.ts"
import { runs, show, syncs, why } from "./reading.ts"
import { ensure, run, runAll, trigger } from "./running.ts"
import { cancel, fresh, resume, wait } from "./waiting.ts"

export const root = Command.make("openretl").pipe(
  Command.withDescription(
    "Reverse ETL syncs of any vendor from a terminal: trigger, watch, explain, and go on after a crash",
  ),
  Command.withSubcommands([
    { group: "Begin", commands: [init, doctor, demo, emulate] },
    { group: "Look", commands: [syncs, runs, show, why, fresh] },
    { group: "Run", commands: [run, runAll, ensure, trigger, wait, cancel] },
    { group: "Go on", commands: [resume, pending, resolve, settle] },
  ]),
  Command.withGlobalFlags([...Globals.all]),
)
