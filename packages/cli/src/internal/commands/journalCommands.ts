/** The commands about the journal: `pending`, `resolve`, `settle`. */
import { isOpen, type TriggerEntry } from "@openretl/core/JournalEntry"
import { type Pending, Runs } from "@openretl/core/Runs"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Columns from "../terminal/columns.ts"
import * as Format from "../terminal/format.ts"
import { badInput } from "./badInput.ts"
import { command } from "./command.ts"
import { Ended } from "./failure.ts"
import * as Flags from "./flags.ts"
import type { Session } from "./session.ts"
import { question } from "./suggest.ts"
import * as Targets from "./targets.ts"

/** Returns what somebody may still have to go on with, of every workspace of the configuration, newest first. */
const allPending = ({ configuration, fleet }: Session) =>
  Effect.map(
    Effect.forEach(Object.keys(configuration.workspaces), (name) =>
      fleet.in(name)(Effect.flatMap(Runs, ({ pending }) => pending)),
    ),
    (lists): ReadonlyArray<Pending> => lists.flat(),
  )

const runText = (session: Session, { entry }: Pending): string =>
  entry.state === "started" ? Targets.shortOf(session.configuration, entry.run) : ""

const stateText = ({ entry, isOwnerAlive }: Pending): string =>
  entry.state === "started" ? "started" : isOwnerAlive ? `${entry.state}, at work` : entry.state

export const pending = command("pending", {}, (_, { printer, session, line }) =>
  Effect.gen(function* () {
    const rows = yield* allPending(session)
    if (rows.length === 0) yield* printer.lines("The journal has nothing to go on with.")
    else {
      yield* printer.lines(
        ...Columns.lines(
          rows,
          [
            // Nothing is cut from what a command takes.
            { title: "entry", cell: ({ entry }) => entry.id, minWidth: Number.POSITIVE_INFINITY },
            { title: "sync", cell: ({ entry }) => Targets.ofRef(session.configuration, entry.sync).name, minWidth: 10 },
            { title: "state", cell: stateText, tone: ({ entry }) => (isOpen(entry) ? "yellow" : "cyan"), minWidth: 16 },
            { title: "run", cell: (row) => runText(session, row), minWidth: Number.POSITIVE_INFINITY },
            { title: "key", cell: ({ entry }) => entry.key ?? "", tone: () => "dim", minWidth: 6 },
            {
              title: "since (UTC)",
              cell: ({ entry }) => DateTime.formatIso(entry.createdAt).slice(0, 16).replace("T", " "),
              tone: () => "dim",
              minWidth: 16,
            },
          ],
          { width: printer.tableWidth, paint: printer.paint },
        ),
        "",
        `To go on with all: ${line("resume")}`,
        `To find out about an open one: ${line("resolve")} <entry>`,
      )
    }
    for (const row of rows) {
      const { entry, isOwnerAlive } = row
      yield* printer.object("entry", {
        entry: entry.id,
        sync: Targets.ofRef(session.configuration, entry.sync).name,
        ref: String(entry.sync),
        state: entry.state,
        isOwnerAlive,
        owner: { host: entry.owner.host, pid: entry.owner.pid },
        createdAt: DateTime.formatIso(entry.createdAt),
        ...(entry.key !== undefined && { key: entry.key }),
        ...(entry.state === "started" && { run: String(entry.run) }),
      })
    }
  }),
).pipe(Command.withDescription("List what the journal has and has not ended: triggers and their runs, of any process"))

const find = (session: Session, id: string) =>
  Effect.flatMap(allPending(session), (rows) => {
    const found = rows.find(({ entry }) => entry.id === id)
    const ids = rows.map(({ entry }) => entry.id)
    return found === undefined
      ? Effect.fail(
          badInput(`Unknown entry ${JSON.stringify(id)}.${question(id, ids) || " openretl pending lists them."}`),
        )
      : Effect.succeed<TriggerEntry>(found.entry)
  })

export const resolve = command("resolve", { entry: Flags.entry }, ({ entry: id }, { printer, session, line }) =>
  Effect.gen(function* () {
    const entry = yield* find(session, id)
    const resolution = yield* session.fleet.resolve(entry)
    switch (resolution._tag) {
      case "Started": {
        const short = Targets.shortOf(session.configuration, resolution.run)
        yield* printer.lines(
          `It started ${short}: ${resolution.evidence}`,
          `  To wait for its end: ${line("wait", [short])}`,
        )
        yield* printer.object("resolution", {
          entry: id,
          result: "Started",
          run: String(resolution.run),
          evidence: resolution.evidence,
        })
        return
      }
      case "NotStarted":
        yield* printer.lines(`It started no run: ${resolution.evidence}`)
        yield* printer.object("resolution", { entry: id, result: "NotStarted", evidence: resolution.evidence })
        return
      case "Ambiguous": {
        const candidates = resolution.candidates.map((run) => Targets.shortOf(session.configuration, run))
        yield* printer.lines(
          `It may have started a run: ${resolution.why}`,
          ...candidates.map((candidate) => `  candidate ${candidate}`),
          `  To conclude it by hand: ${line("settle", [id])} <run>, or ${line("settle", [id, "not-started"])}`,
        )
        yield* printer.object("resolution", {
          entry: id,
          result: "Ambiguous",
          why: resolution.why,
          candidates: resolution.candidates.map(String),
        })
        return yield* Effect.fail(new Ended("indeterminate"))
      }
    }
  }),
).pipe(Command.withDescription("Find out what became of a trigger; it triggers nothing"))

const settlement = Argument.String("what").pipe(
  Argument.withDescription("What became of it: the id or ref of its run, not-started, or abandoned"),
)

export const settle = command(
  "settle",
  { entry: Flags.entry, what: settlement },
  ({ entry: id, what }, { printer, session }) =>
    Effect.gen(function* () {
      const entry = yield* find(session, id)
      const isWord = what === "not-started" || what === "abandoned"
      const run = isWord
        ? undefined
        : what.includes("/") || what.startsWith("retl1.")
          ? (yield* Targets.run(session.configuration, session.fleet, what)).run
          : yield* Effect.fromResult(Targets.runOf(entry.sync, what, what))
      yield* session.fleet.settle(entry, run === undefined ? (what as "not-started" | "abandoned") : { run })
      const text = run === undefined ? what : `run ${Targets.shortOf(session.configuration, run)}`
      yield* printer.lines(`Concluded entry ${Format.printable(id, 64)}: ${text}.`)
      yield* printer.object("settled", { entry: id, settlement: run === undefined ? what : String(run) })
    }),
).pipe(Command.withDescription("Conclude an open entry by hand; it sends nothing"))
