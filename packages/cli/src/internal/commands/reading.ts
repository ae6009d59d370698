/** The commands that read runs and syncs: `syncs`, `runs`, `show`, `why`. */
import { judge } from "@openretl/core/Outcome"
import { isTerminal, type Run } from "@openretl/core/Run"
import * as Schedule from "@openretl/core/Schedule"
import type { Sync } from "@openretl/core/Sync"
import { OutcomeRejected } from "@openretl/core/Wait"
import * as Clock from "effect/Clock"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { Configuration } from "../../Configuration.ts"
import * as ExitCode from "../../ExitCode.ts"
import { type Tone, toneOf } from "../terminal/color.ts"
import * as Columns from "../terminal/columns.ts"
import * as Format from "../terminal/format.ts"
import { wrap } from "../terminal/wrap.ts"
import { readingCommand as command } from "./command.ts"
import { eachTarget } from "./eachTarget.ts"
import * as Failure from "./failure.ts"
import * as Flags from "./flags.ts"
import { newestRuns } from "./newestRuns.ts"
import { saveSyncs } from "./save.ts"
import * as Table from "./table.ts"
import * as Targets from "./targets.ts"

interface SyncRow {
  readonly name: string
  readonly sync: Sync
}

const scheduleText = ({ schedule, unreadSchedule }: Sync): string =>
  schedule === undefined ? (unreadSchedule === undefined ? "" : "unreadable") : Schedule.describe(schedule)

const stateTone = (state: string): Tone =>
  (({ enabled: "green", error: "red", unknown: "yellow" }) as const)[state] ?? "dim"

export const syncs = command(
  "syncs",
  {
    save: Flag.Boolean("save").pipe(
      Flag.withDescription("Add the syncs that the configuration does not name yet to it"),
      Flag.withDefault(false),
    ),
  },
  ({ save }, { printer, session, path, line }) =>
    Effect.gen(function* () {
      const { configuration, fleet } = session
      const listed = yield* Stream.runCollect(fleet.syncs)
      const found = listed.flatMap((result) => (Result.isSuccess(result) ? [result.success] : []))
      const errors = listed.flatMap((result) => (Result.isFailure(result) ? [result.failure] : []))
      const saved = save ? yield* saveSyncs(path, configuration, found) : new Map<string, string>()
      const nameOf = (sync: Sync): string =>
        Targets.namedSync(configuration, sync.ref)?.name ?? saved.get(String(sync.ref)) ?? ""
      const rows = found.map((sync): SyncRow => ({ name: nameOf(sync), sync }))
      if (rows.length > 0) {
        yield* printer.lines(
          ...Columns.lines(
            rows,
            [
              // Nothing is cut from what a command takes.
              { title: "name", cell: ({ name }) => name || "-", minWidth: Number.POSITIVE_INFINITY },
              {
                title: "at the vendor",
                cell: ({ sync }) => Format.printable(Table.titleOf(sync), 60),
                minWidth: 12,
              },
              { title: "workspace", cell: ({ sync }) => sync.ref.workspace, tone: () => "dim", minWidth: 8 },
              {
                title: "state",
                cell: ({ sync }) => sync.state,
                tone: ({ sync }) => stateTone(sync.state),
                minWidth: 8,
              },
              { title: "schedule", cell: ({ sync }) => scheduleText(sync) || "unknown", minWidth: 10 },
            ],
            { width: printer.tableWidth, paint: printer.paint },
          ),
        )
      }
      for (const { name, sync } of rows) {
        const { ref, state, vendorState } = sync
        yield* printer.object("sync", {
          name: name === "" ? undefined : name,
          ref: String(ref),
          vendor: ref.vendor,
          workspace: ref.workspace,
          vendorName: sync.name,
          state,
          vendorState,
          schedule: scheduleText(sync),
        })
      }
      const unnamed = rows.filter(({ name }) => name === "").length
      if (saved.size > 0) yield* printer.lines("", `Added ${Format.counted(saved.size, "sync")} to ${path}.`)
      else if (unnamed > 0) {
        yield* printer.lines(
          "",
          `${Format.counted(unnamed, "sync")} without a name in ${path}: ${line("syncs", [], ["--save"])} adds them.`,
        )
      } else if (rows.length === 0 && errors.length === 0) yield* printer.lines("The workspaces have no syncs.")
      if (errors.length > 0) {
        const codes = yield* Effect.forEach(errors, (error) => Failure.print(printer, error))
        return yield* Effect.fail(new Failure.Ended(ExitCode.worst(codes)))
      }
    }),
).pipe(Command.withDescription("List the syncs of every workspace, as the vendors have them"))

export const runs = command(
  "runs",
  { names: Flags.syncs, labels: Flags.labels, limit: Flags.limit(10, "runs of each sync") },
  ({ names, labels, limit }, { printer, session }) =>
    Effect.gen(function* () {
      const { configuration, fleet } = session
      const targets = yield* Targets.syncs(configuration, names, labels)
      const now = yield* Clock.currentTimeMillis
      const { values, hasFailed, conclude } = yield* eachTarget(printer, targets, ({ ref, sync }) =>
        Effect.map(newestRuns(fleet, ref, limit), (list) => list.map((run) => [run, sync?.wait.policy] as const)),
      )
      const all = values.flat()
      if (all.length === 0 && !hasFailed) yield* printer.lines("No runs.")
      if (all.length > 0) {
        const rows = all.map(([run, policy]) => Table.rowOf(configuration, run, policy))
        yield* printer.lines(
          ...Columns.lines(rows, Table.runColumns(now), { width: printer.tableWidth, paint: printer.paint }),
        )
      }
      for (const [run, policy] of all) yield* printer.object("run", Table.runFields(configuration, run, policy))
      yield* conclude([])
    }),
).pipe(Command.withDescription("List the newest runs of syncs, also those that others started"))

/** Returns a run as a list of its fields for people. */
const detailLines = (configuration: Configuration, run: Run, now: number): ReadonlyArray<string> => {
  const { vendor, workspace } = run.ref.sync
  const fields: ReadonlyArray<readonly [name: string, value: string | undefined]> = [
    ["status", `${run.status} (the vendor says ${JSON.stringify(Format.printable(run.vendorStatus, 80))})`],
    ["rows", Format.delivered(run.rows) || "the vendor counts none"],
    ["queued", Table.minute(run.queuedAt)],
    [
      "started",
      [Table.minute(run.startedAt), run.startedBy === undefined ? "" : `by ${run.startedBy}`].filter(Boolean).join(" "),
    ],
    ["ended", Table.minute(run.finishedAt)],
    ["took", Table.duration(run, now)],
    ["code", Table.errorCodeOf(run)],
    ["where", `${Format.vendorName(vendor)}, workspace ${workspace}`],
    ["ref", String(run.ref)],
  ]
  return [
    Targets.shortOf(configuration, run.ref),
    ...fields.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [`  ${name.padEnd(8)} ${value}`])),
  ]
}

export const show = command("show", { runs: Flags.runs }, ({ runs }, { printer, session }) =>
  Effect.gen(function* () {
    const { configuration, fleet } = session
    const now = yield* Clock.currentTimeMillis
    for (const found of yield* Targets.runs(configuration, runs)) {
      const { run: ref, target } = yield* Targets.newest(fleet, found)
      const run = yield* fleet.get(ref)
      yield* printer.lines(...detailLines(configuration, run, now))
      yield* printer.object("run", Table.runFields(configuration, run, target.sync?.wait.policy))
    }
  }),
).pipe(Command.withDescription("Show everything about a run but its rows"))

export const why = command(
  "why",
  {
    run: Flags.run,
    policy: Flags.policy,
    withText: Flag.Boolean("text").pipe(
      Flag.withDescription("Also show the vendor's error text, which may repeat a row of data"),
      Flag.withDefault(false),
    ),
  },
  ({ run: text, policy: pairs, withText }, { printer, session, line }) =>
    Effect.gen(function* () {
      const { configuration, fleet } = session
      const flagPolicy = yield* Flags.decodePolicy(pairs)
      const { run: ref, target } = yield* Targets.run(configuration, fleet, text)
      const policy = flagPolicy ?? target.sync?.wait.policy
      const run = yield* fleet.get(ref)
      const short = Targets.shortOf(configuration, run.ref)
      const fields = Table.runFields(configuration, run, policy)
      if (!isTerminal(run.status)) {
        const said =
          run.status === "unknown"
            ? ` The vendor's word is ${JSON.stringify(Format.printable(run.vendorStatus, 80))}.`
            : ""
        const guidance = `To wait for its end: ${line("wait", [short], Flags.policyWords(pairs))}`
        yield* printer.lines(`${short} has not ended: it is ${run.status}.${said}`, `  ${guidance}`)
        yield* printer.object("why", { ...fields, message: "the run has not ended", guidance })
        return
      }
      const { verdict, accepted } = judge(run, policy)
      const rejected = new OutcomeRejected({ run, verdict })
      const code = Table.errorCodeOf(run)
      const policyName = policy === undefined ? "the default policy" : "the policy"
      const guidance = accepted ? "Nothing has to be done." : rejected.guidance
      const labelled = (label: string, text: string) => {
        const [first = "", ...more] = wrap(text, printer.columns - 12)
        return [`  ${label.padEnd(10)}${first}`, ...more.map((line) => `${" ".repeat(12)}${line}`)]
      }
      const { errorText } = run
      // A command stands on one line: what is copied from two would be two commands.
      const errorTextLines =
        errorText === undefined
          ? []
          : withText
            ? labelled("text", Format.printable(errorText, 2_000))
            : [
                ...labelled("text", "It may repeat a row. To see it:"),
                `${" ".repeat(12)}${line("why", [short], [...Flags.policyWords(pairs), "--text"])}`,
              ]
      yield* printer.lines(
        `${short} ended ${printer.paint(toneOf(verdict), verdict)}.`,
        ...labelled("judged", `${policyName} ${accepted ? "accepts" : "does not accept"} that`),
        ...labelled("rows", Format.delivered(run.rows) || "the vendor counts none"),
        ...labelled(
          "vendor",
          `${JSON.stringify(Format.printable(run.vendorStatus, 80))}${code === undefined ? "" : `, code ${code}`}`,
        ),
        ...errorTextLines,
        ...labelled("to do", guidance),
        `  ref       ${String(run.ref)}`,
      )
      yield* printer.object("why", { ...fields, message: rejected.summary, guidance })
      const exit = ExitCode.ofVerdict(verdict, accepted)
      if (exit !== "ok") return yield* Effect.fail(new Failure.Ended(exit))
    }),
).pipe(Command.withDescription("Say why a run failed or is partial, and what to do"))
