/** The commands that trigger nothing: `wait`, `resume`, `cancel`, `fresh`. */
import { Runs } from "@openretl/core/Runs"
import * as Command from "effect/cli/Command"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Task } from "../tasks/follow.ts"
import * as Format from "../terminal/format.ts"
import { badInput } from "./badInput.ts"
import { command } from "./command.ts"
import * as DryRun from "./dryRun.ts"
import { eachTarget } from "./eachTarget.ts"
import * as Flags from "./flags.ts"
import * as Table from "./table.ts"
import * as Targets from "./targets.ts"
import { performTasks, waitOptions } from "./tasks.ts"

export const wait = command(
  "wait",
  { runs: Flags.runs, deadline: Flags.deadlineOfWait, policy: Flags.policy },
  ({ runs, deadline, policy: pairs }, surroundings) =>
    Effect.gen(function* () {
      const { session } = surroundings
      const policy = yield* Flags.decodePolicy(pairs)
      const named = yield* Targets.runs(session.configuration, runs)
      const found = yield* Targets.allNewest(session.fleet, named)
      const byRun = new Map(found.map((one) => [one.run.key, one]))
      const tasks = Array.from(byRun.values()).map(
        ({ run, target }): Task => ({
          name: byRun.size === 1 ? target.name : Targets.shortOf(session.configuration, run),
          sync: target.ref,
          settings: target.sync,
          wait: waitOptions(target, deadline, policy),
          next: { _tag: "Wait", run },
        }),
      )
      yield* performTasks(surroundings, `Waits for ${Format.counted(tasks.length, "run")}.`, tasks, {
        policy: pairs,
        deadline,
      })
    }),
).pipe(Command.withDescription("Wait for runs to end, and judge them; it triggers nothing"))

export const resume = command(
  "resume",
  { names: Flags.syncs, labels: Flags.labels, deadline: Flags.deadline, policy: Flags.policy },
  ({ names, labels, deadline, policy: pairs }, surroundings) =>
    Effect.gen(function* () {
      const { session, printer } = surroundings
      const policy = yield* Flags.decodePolicy(pairs)
      const isSelected = names.length > 0 || Object.keys(labels).length > 0
      const selected = isSelected ? yield* Targets.syncs(session.configuration, names, labels) : undefined
      const pending = yield* Effect.forEach(Object.keys(session.configuration.workspaces), (name) =>
        session.fleet.in(name)(Effect.flatMap(Runs, ({ pending }) => pending)),
      )
      const isSelectedSync = selected && Targets.finder(selected, ({ ref }) => ref)
      const entries = pending
        .flat()
        .flatMap(({ entry }) => (entry.kind === "trigger" ? [entry] : []))
        .filter(({ sync }) => isSelectedSync === undefined || isSelectedSync(sync) !== undefined)
      if (entries.length === 0) {
        yield* printer.lines("The journal has nothing to go on with.")
        yield* printer.object("end", { exitCode: 0, interrupted: false, syncs: [] })
        return
      }
      const counts = new Map<string, number>()
      const tasks = entries.map((entry): Task => {
        const target = Targets.ofRef(session.configuration, entry.sync)
        const number = (counts.get(target.name) ?? 0) + 1
        counts.set(target.name, number)
        return {
          name: number === 1 ? target.name : `${target.name}-${number}`,
          sync: target.ref,
          settings: target.sync,
          wait: waitOptions(target, deadline, policy),
          next: { _tag: "Resume", entry },
        }
      })
      yield* performTasks(surroundings, `Goes on with ${Format.counted(tasks.length, "run")}.`, tasks, {
        policy: pairs,
        deadline,
      })
    }),
).pipe(Command.withDescription("Go on with what the journal has: finds out, waits and judges; it triggers nothing"))

export const cancel = command(
  "cancel",
  {
    run: Flags.run,
    confirmWithin: Flags.age(
      "confirm-within",
      'How long to wait for the end, as in "5 minutes" (default: it does not wait)',
    ),
    dryRun: Flags.dryRun,
  },
  ({ run: text, confirmWithin, dryRun }, surroundings) =>
    Effect.gen(function* () {
      const { session, printer, line } = surroundings
      const { configuration, fleet } = session
      const { run } = yield* Targets.run(configuration, fleet, text)
      const short = Targets.shortOf(configuration, run)
      const options = confirmWithin === undefined ? {} : { confirmWithin }
      if (dryRun) return yield* DryRun.of(surroundings, ({ fleet }) => fleet.cancel(run, options))
      const result = yield* fleet
        .cancel(run, options)
        .pipe(Effect.onInterrupt(() => printer.problems(`To see what became of it: ${line("show", [short])}`)))
      if (result._tag === "AlreadyFinished") {
        yield* printer.lines(`${short} had ended already: ${result.run.status}. Nothing was sent.`)
        yield* printer.object("cancel", {
          result: result._tag,
          ...Table.runFields(configuration, result.run, undefined),
        })
        return
      }
      const rows = {
        kept: "The next run delivers the rows that it had read.",
        lost: "No later run delivers the rows that it had read: run it in full, or replay it at the vendor.",
        unknown: "The vendor does not say what becomes of the rows that it had read.",
      }
      yield* printer.lines(
        result.ended === undefined ? `Requested that ${short} stops.` : `${short} has ended: ${result.ended.status}.`,
        `  ${rows[result.undelivered]}`,
      )
      yield* printer.object("cancel", {
        result: result._tag,
        run: run.run,
        ref: String(run),
        undelivered: result.undelivered,
        ...(result.ended && { status: result.ended.status }),
      })
    }),
).pipe(Command.withDescription("Cancel a run, where the vendor can"))

export const fresh = command(
  "fresh",
  {
    names: Flags.syncs,
    labels: Flags.labels,
    warnAfter: Flags.age(
      "warn-after",
      'The age from which data are stale, as in "6 hours" (default: as the configuration says)',
    ),
    errorAfter: Flags.age(
      "error-after",
      "The age from which stale data have the level error (default: as the configuration says)",
    ),
    policy: Flags.policy,
  },
  ({ names, labels, warnAfter, errorAfter, policy: pairs }, { printer, session }) =>
    Effect.gen(function* () {
      const { configuration, fleet } = session
      const policy = yield* Flags.decodePolicy(pairs)
      const targets = yield* Targets.syncs(configuration, names, labels)
      const lacking = targets.filter(({ sync }) => warnAfter === undefined && sync?.freshness === undefined)
      if (lacking.length > 0) {
        return yield* badInput(
          ...lacking.map(({ name }) => `${name}: Expected --warn-after, or freshness in the configuration`),
        )
      }
      const { values: looked, conclude } = yield* eachTarget(printer, targets, ({ name, ref, sync }) => {
        const usual = sync?.freshness
        const options = {
          ...usual,
          warnAfter: warnAfter ?? usual?.warnAfter ?? 0,
          ...(errorAfter !== undefined && { errorAfter }),
          ...(policy !== undefined && { policy }),
        }
        return Effect.map(fleet.freshness(ref, options), (freshness) => ({ name, freshness }))
      })
      yield* printer.lines(...Table.freshnessLines(configuration, looked, printer.paint))
      for (const { name, freshness } of looked) {
        const run = freshness._tag === "Never" ? undefined : freshness.run
        yield* printer.object("freshness", {
          sync: name,
          freshness: freshness._tag,
          ...("level" in freshness && { level: freshness.level }),
          ...("age" in freshness && { ageMs: Duration.toMillis(freshness.age) }),
          ...("why" in freshness && { why: freshness.why }),
          ...(run && { run: run.ref.run, ref: String(run.ref) }),
        })
      }
      yield* conclude(looked.map(({ freshness }) => freshnessCodes[freshness._tag]))
    }),
).pipe(Command.withDescription("Say how fresh the data are; as a gate, it fails where they are stale"))

const freshnessCodes = { Fresh: "ok", Stale: "stale", Never: "stale", Unverified: "unverified" } as const
