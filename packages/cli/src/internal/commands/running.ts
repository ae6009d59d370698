/** The commands that run syncs: `trigger`, `run`, `run-all`, `ensure`. */
import type { EnsureOptions } from "@openretl/core/EnsureOptions"
import type * as Outcome from "@openretl/core/Outcome"
import type { Scope } from "@openretl/core/Scope"
import type * as Trigger from "@openretl/core/Trigger"
import * as Command from "effect/cli/Command"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ConfigurationProblems } from "../../Configuration.ts"
import type { Task } from "../tasks/follow.ts"
import * as Format from "../terminal/format.ts"
import { badInput } from "./badInput.ts"
import { command } from "./command.ts"
import * as DryRun from "./dryRun.ts"
import * as Flags from "./flags.ts"
import * as Targets from "./targets.ts"
import { performTasks, waitOptions } from "./tasks.ts"

type TriggerOptions = Trigger.Options & { readonly scope?: Scope }

interface TriggerFlags {
  readonly key: string | undefined
  readonly again: boolean
  readonly whenRunning: Trigger.WhenRunning | undefined
  readonly whenOpen: Trigger.WhenOpen | undefined
  readonly whenUnseen: "fail" | "send" | undefined
  readonly scope: Scope | undefined
}

/** Returns the options of a sync's trigger: the flags before the configuration. Fails where neither says `whenRunning`. */
const triggerOptions = ({ name, sync }: Targets.Target, flags: TriggerFlags): TriggerOptions | string => {
  const whenRunning = flags.whenRunning ?? sync?.trigger.whenRunning
  if (whenRunning === undefined) {
    return `${name}: Expected --when-running fail, adopt, wait or skip, or whenRunning in the configuration: it has no default`
  }
  const { key, again, whenOpen, whenUnseen, scope } = flags
  return {
    ...sync?.trigger,
    whenRunning,
    ...(key !== undefined && { key }),
    ...(again && { again: "not-accepted" as const }),
    ...(whenOpen !== undefined && { whenOpen }),
    ...(whenUnseen !== undefined && { whenUnseen }),
    ...(scope !== undefined && { scope }),
  }
}

/** Returns tasks that trigger syncs. Fails with every problem of every sync at once, before anything is sent. */
const triggerTasks = (
  targets: ReadonlyArray<Targets.Target>,
  flags: TriggerFlags & { readonly deadline: Duration.Duration | undefined },
  policy: Outcome.Policy | undefined,
): Effect.Effect<ReadonlyArray<Task>, ConfigurationProblems> => {
  const tasks = targets.map((target): Task | string => {
    const options = triggerOptions(target, flags)
    if (typeof options === "string") return options
    const { name, ref, sync } = target
    return {
      name,
      sync: ref,
      settings: sync,
      wait: waitOptions(target, flags.deadline, policy),
      next: { _tag: "Trigger", options },
    }
  })
  const problems = tasks.filter((task) => typeof task === "string")
  return problems.length > 0
    ? Effect.fail(badInput(...problems))
    : Effect.succeed(tasks.filter((task) => typeof task !== "string"))
}

export const trigger = command(
  "trigger",
  { sync: Flags.sync, ...Flags.trigger },
  ({ sync: name, dryRun, ...flags }, surroundings) =>
    Effect.gen(function* () {
      const { session, printer, line } = surroundings
      const target = yield* Targets.sync(session.configuration, name)
      const options = triggerOptions(target, flags)
      if (typeof options === "string") return yield* badInput(options)
      if (dryRun) return yield* DryRun.of(surroundings, ({ fleet }) => fleet.trigger(target.ref, options), target.name)
      const result = yield* session.fleet.trigger(target.ref, options).pipe(
        Effect.onInterrupt(() => {
          // Nothing but this process has a journal in memory.
          const isGone = session.location._tag === "Memory"
          const next = line(isGone ? "runs" : "resume", [target.name])
          return Effect.andThen(
            printer.problems(`To find out what became of it: ${next}`),
            printer.stopped(isGone ? {} : { resume: next }),
          )
        }),
      )
      const run = result._tag === "Skipped" ? result.running : result.run
      const short = run === undefined ? "" : Targets.shortOf(session.configuration, run)
      yield* printer.lines(
        `${resultWords[result._tag]} ${short}`,
        ...(run === undefined ? [] : [`  ref ${String(run)}`, `  To wait for its end: ${line("wait", [short])}`]),
      )
      yield* printer.object("trigger", {
        sync: target.name,
        result: result._tag,
        ...(run && { run: run.run, ref: String(run) }),
        ...("guard" in result && { guard: result.guard }),
        ...("because" in result && { because: result.because }),
      })
    }),
).pipe(Command.withDescription("Trigger one run, and return at once with its ref"))

const resultWords = {
  Started: "started",
  Adopted: "adopted",
  Joined: "joined",
  Remembered: "remembered: the key has had its run",
  Skipped: "skipped: a run was under way, or the sync is paused",
} as const satisfies Record<Trigger.Result["_tag"], string>

export const run = command(
  "run",
  { sync: Flags.sync, ...Flags.trigger, deadline: Flags.deadline, policy: Flags.policy },
  ({ sync: name, dryRun, policy: pairs, ...flags }, surroundings) =>
    Effect.gen(function* () {
      const { session } = surroundings
      const policy = yield* Flags.decodePolicy(pairs)
      const target = yield* Targets.sync(session.configuration, name)
      const tasks = yield* triggerTasks([target], flags, policy)
      if (dryRun) return yield* DryRun.ofTasks(surroundings, tasks)
      yield* performTasks(surroundings, `Runs ${target.name}.`, tasks, { policy: pairs, deadline: flags.deadline })
    }),
).pipe(Command.withDescription("Trigger one run, wait for its end, and judge it"))

export const runAll = command(
  "run-all",
  {
    names: Flags.syncs,
    labels: Flags.labels,
    ...Flags.trigger,
    deadline: Flags.deadline,
    policy: Flags.policy,
    concurrency: Flags.concurrency,
    perDestination: Flags.perDestination,
  },
  ({ names, labels, dryRun, policy: pairs, concurrency, perDestination, ...flags }, surroundings) =>
    Effect.gen(function* () {
      const { session } = surroundings
      const policy = yield* Flags.decodePolicy(pairs)
      const targets = yield* Targets.syncs(session.configuration, names, labels)
      const tasks = yield* triggerTasks(targets, flags, policy)
      if (dryRun) return yield* DryRun.ofTasks(surroundings, tasks)
      yield* performTasks(surroundings, `Runs ${Format.counted(tasks.length, "sync")}.`, tasks, {
        policy: pairs,
        deadline: flags.deadline,
        concurrency,
        perDestination,
      })
    }),
).pipe(
  Command.withDescription("Run several syncs at once, each to its end; one that fails stops no other"),
  Command.withExamples([
    {
      command: "openretl run-all --key nightly/2026-11-28",
      description: "Run all; started again with this key, it starts no second run",
    },
    {
      command: "openretl run-all -l team=finance --per-destination 2",
      description: "Run those with a label, two per destination at once",
    },
  ]),
)

const age = Flags.age(
  "max-age",
  'The greatest age of fresh data, as in "6 hours" (default: warnAfter of the configuration)',
)

export const ensure = command(
  "ensure",
  {
    sync: Flags.sync,
    maxAge: age,
    deadline: Flags.deadlineOfCommand,
    policy: Flags.policy,
    scope: Flags.scope,
    dryRun: Flags.dryRun,
  },
  ({ sync: name, maxAge, deadline, policy: pairs, scope, dryRun }, surroundings) =>
    Effect.gen(function* () {
      const { session } = surroundings
      const flagPolicy = yield* Flags.decodePolicy(pairs)
      const target = yield* Targets.sync(session.configuration, name)
      const { sync } = target
      const greatest = maxAge ?? sync?.freshness?.warnAfter
      if (greatest === undefined)
        return yield* badInput(`${target.name}: Expected --max-age, or freshness in the configuration`)
      const wait = waitOptions(target, deadline, flagPolicy)
      const { exclusive, whenOpen, whenUnseen, turnWithin, whenPaused, scope: usual } = sync?.trigger ?? {}
      const options: EnsureOptions & { readonly scope?: Scope } = {
        ...wait,
        maxAge: greatest,
        ...(exclusive !== undefined && { exclusive }),
        ...(whenOpen !== undefined && { whenOpen }),
        ...(whenUnseen !== undefined && { whenUnseen }),
        ...(turnWithin !== undefined && { turnWithin }),
        // Data that are to be fresh are not: a paused sync is no success here.
        ...(whenPaused !== undefined && { whenPaused: whenPaused === "skip" ? ("fail" as const) : whenPaused }),
        ...((scope ?? usual) !== undefined && { scope: scope ?? usual }),
      }
      const task: Task = {
        name: target.name,
        sync: target.ref,
        settings: sync,
        wait,
        next: { _tag: "Ensure", options },
      }
      if (dryRun) return yield* DryRun.ofTasks(surroundings, [task])
      yield* performTasks(surroundings, `Makes ${target.name} fresh.`, [task], { policy: pairs, deadline })
    }),
).pipe(Command.withDescription("Make the data of a sync fresh: with a run that there is, or with a new one"))
