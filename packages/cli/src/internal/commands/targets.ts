/** What a command line names: syncs by name, ref or label, and runs by ref, by `name/run`, or by the name of their sync. */
import { RunRef, RunRefFromText, type SyncRef, SyncRefFromText, VendorId } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { AnyFleet, Configuration, ConfigurationProblems, Sync } from "../../Configuration.ts"
import * as CommandLine from "../terminal/commandLine.ts"
import * as Format from "../terminal/format.ts"
import { badInput } from "./badInput.ts"
import { newestRuns } from "./newestRuns.ts"
import { question } from "./suggest.ts"

/** A sync that the command is about. */
export interface Target {
  /** Its name in the configuration, else its ref as text. */
  readonly name: string
  readonly ref: SyncRef
  /** What the configuration says of it. Absent for a ref that the configuration does not name. */
  readonly sync: Sync | undefined
}

/** Labels that a sync must have, all of them. */
export type Labels = Readonly<Record<string, string>>

const decodeSync = Schema.decodeUnknownResult(SyncRefFromText)
const decodeRun = Schema.decodeUnknownResult(RunRefFromText)

/** Returns whether two refs name the same sync. One of them may have optional ids that the other lacks. */
export const isSameSync = (one: SyncRef, other: SyncRef): boolean => {
  if (one.workspace !== other.workspace || one.vendor !== other.vendor) return false
  const [fewer, more] = [Object.entries(one.ids), Object.entries(other.ids)].sort((a, b) => a.length - b.length)
  const ids = new Map(more)
  return fewer?.every(([name, id]) => ids.get(name) === id) ?? false
}

const accountOf = ({ workspace, vendor }: SyncRef): string => `${workspace} ${vendor}`
const textOf = (ref: SyncRef): string =>
  JSON.stringify([accountOf(ref), Object.entries(ref.ids).sort(([one], [other]) => (one < other ? -1 : 1))])

/** Returns a function that finds the item of a sync, also among thousands. One with the same ids goes before others. */
export const finder = <A>(items: ReadonlyArray<A>, refOf: (item: A) => SyncRef): ((ref: SyncRef) => A | undefined) => {
  const exact = new Map<string, A>()
  // By how many ids they have: those with as many as a ref name the same sync only where all are the same.
  const byCount = new Map<string, Map<number, Array<A>>>()
  for (const item of items) {
    const ref = refOf(item)
    const text = textOf(ref)
    if (!exact.has(text)) exact.set(text, item)
    const counts = byCount.get(accountOf(ref)) ?? new Map<number, Array<A>>()
    byCount.set(accountOf(ref), counts)
    const count = Object.keys(ref.ids).length
    const group = counts.get(count) ?? []
    counts.set(count, group)
    group.push(item)
  }
  return (ref) => {
    const same = exact.get(textOf(ref))
    if (same !== undefined) return same
    const count = Object.keys(ref.ids).length
    for (const [other, candidates] of byCount.get(accountOf(ref)) ?? []) {
      const item = other === count ? undefined : candidates.find((candidate) => isSameSync(ref, refOf(candidate)))
      if (item !== undefined) return item
    }
    return undefined
  }
}

const finders = new WeakMap<Configuration["syncs"], (ref: SyncRef) => Sync | undefined>()

/** Returns what the configuration says of a sync; `undefined` where it does not name it. */
export const namedSync = ({ syncs }: Pick<Configuration, "syncs">, ref: SyncRef): Sync | undefined => {
  const find = finders.get(syncs) ?? finder(syncs, (sync) => sync.ref)
  finders.set(syncs, find)
  return find(ref)
}

/** Returns the target of a sync. */
export const ofRef = (configuration: Pick<Configuration, "syncs">, ref: SyncRef): Target => {
  const sync = namedSync(configuration, ref)
  return { name: sync?.name ?? String(ref), ref: sync?.ref ?? ref, sync }
}

const findSync = (configuration: Configuration, text: string): Result.Result<Target, string> => {
  const { syncs, workspaces } = configuration
  const named = syncs.find(({ name }) => name === text)
  if (named !== undefined) return Result.succeed({ name: named.name, ref: named.ref, sync: named })
  if (text.startsWith("retl1.")) {
    const ref = decodeSync(text)
    if (Result.isFailure(ref))
      return Result.fail(`${text}: Expected a sync ref, as in retl1.sync.<vendor>.<workspace>.<id name>.<id>`)
    const { workspace, vendor } = ref.success
    return Object.hasOwn(workspaces, workspace) && workspaces[workspace] === vendor
      ? Result.succeed(ofRef(configuration, ref.success))
      : Result.fail(`${text}: Expected a ref of a workspace in the configuration`)
  }
  const known = syncs.map(({ name }) => name)
  const list =
    known.length === 0
      ? "The configuration has none."
      : `The configuration has ${known.slice(0, 12).join(", ")}${known.length > 12 ? ", …" : ""}.`
  return Result.fail(`Unknown sync ${JSON.stringify(text)}.${question(text, known) || ` ${list}`}`)
}

const hasLabels = (sync: Sync, labels: Labels): boolean =>
  Object.entries(labels).every(([name, value]) => Object.hasOwn(sync.labels, name) && sync.labels[name] === value)

/**
 * Returns the syncs that names and labels select; all of the configuration without either. Fails with every problem at
 * once; a selector that selects none is one.
 */
export const syncs = (
  configuration: Configuration,
  names: ReadonlyArray<string>,
  labels: Labels = {},
): Effect.Effect<ReadonlyArray<Target>, ConfigurationProblems> =>
  Effect.suspend(() => {
    const found = names.map((name) => findSync(configuration, name))
    const problems = found.flatMap((result) => (Result.isFailure(result) ? [result.failure] : []))
    if (problems.length > 0) return Effect.fail(badInput(...problems))
    const hasSelector = Object.keys(labels).length > 0
    const byName = found.flatMap((result) => (Result.isSuccess(result) ? [result.success] : []))
    const byLabel =
      names.length === 0 || hasSelector
        ? configuration.syncs
            .filter((sync) => (hasSelector ? hasLabels(sync, labels) : true))
            .map((sync): Target => ({ name: sync.name, ref: sync.ref, sync }))
        : []
    const targets = new Map([...byName, ...byLabel].map((target) => [String(target.ref), target]))
    if (hasSelector && byLabel.length === 0) {
      const selector = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
      return Effect.fail(
        badInput(
          `No sync of the configuration has the label${selector.length === 1 ? "" : "s"} ${selector.join(", ")}.`,
        ),
      )
    }
    if (targets.size === 0)
      return Effect.fail(badInput("The configuration has no sync. Add one, or run openretl syncs --save."))
    return Effect.succeed(Array.from(targets.values()))
  })

/** Returns the one sync of this name or ref. */
export const sync = (configuration: Configuration, name: string): Effect.Effect<Target, ConfigurationProblems> =>
  Effect.fromResult(Result.mapError(findSync(configuration, name), (problem) => badInput(problem)))

/** A run that the command is about, and its sync. */
export interface RunTarget {
  readonly run: RunRef
  readonly target: Target
}

/** A sync whose newest run a command is about, which a read of its list shows. */
interface NewestOf {
  readonly run: undefined
  readonly target: Target
}

const isRunId = Schema.is(VendorId)

/** Returns the run of a sync with this id. `text` is what the caller wrote. */
export const runOf = (sync: SyncRef, id: string, text: string): Result.Result<RunRef, ConfigurationProblems> =>
  isRunId(id)
    ? Result.succeed(new RunRef({ sync, run: id }))
    : Result.fail(badInput(`${Format.printable(text, 80)}: Expected the id of a run, of 1 to 255 characters`))

const findRun = (configuration: Configuration, text: string): Result.Result<RunTarget | NewestOf, string> => {
  if (text.startsWith("retl1.run.")) {
    const ref = decodeRun(text)
    if (Result.isFailure(ref)) return Result.fail(`${text}: Expected a run ref, as it was printed`)
    return Result.map(findSync(configuration, String(ref.success.sync)), (target) => ({ run: ref.success, target }))
  }
  const slash = text.indexOf("/")
  if (slash <= 0) return Result.map(findSync(configuration, text), (target) => ({ run: undefined, target }))
  return Result.flatMap(findSync(configuration, text.slice(0, slash)), (target) =>
    Result.mapBoth(runOf(target.ref, text.slice(slash + 1), text), {
      onSuccess: (run) => ({ run, target }),
      onFailure: ({ message }) => message,
    }),
  )
}

/**
 * Returns what texts name: run refs, `name/run` with the name of a sync and the id of a run, or names of syncs for their newest
 * runs. Fails with every problem at once. It reads nothing: `newest` does.
 */
export const runs = (
  configuration: Configuration,
  texts: ReadonlyArray<string>,
): Effect.Effect<ReadonlyArray<RunTarget | NewestOf>, ConfigurationProblems> =>
  Effect.suspend(() => {
    const found = texts.map((text) => findRun(configuration, text))
    const problems = found.flatMap((result) => (Result.isFailure(result) ? [result.failure] : []))
    return problems.length > 0
      ? Effect.fail(badInput(...problems))
      : Effect.succeed(found.flatMap((result) => (Result.isSuccess(result) ? [result.success] : [])))
  })

/** Returns the run; where only its sync is named, the newest one, for which it reads the list. */
export const newest = (
  fleet: Pick<AnyFleet, "list">,
  { run, target }: RunTarget | NewestOf,
): Effect.Effect<RunTarget, ConfigurationProblems | RetlError> =>
  run !== undefined
    ? Effect.succeed({ run, target })
    : Effect.flatMap(newestRuns(fleet, target.ref, 1), ([first]) =>
        first === undefined ? badInput(`${target.name} has no runs.`) : Effect.succeed({ run: first.ref, target }),
      )

/** How many lists are read at once; the rate limits of their vendors decide besides. */
const concurrency = 8

/** Returns the runs that texts name, as `runs` and `newest` do, in the order of the texts. */
export const allNewest = (
  fleet: Pick<AnyFleet, "list">,
  named: ReadonlyArray<RunTarget | NewestOf>,
): Effect.Effect<ReadonlyArray<RunTarget>, ConfigurationProblems | RetlError> =>
  Effect.forEach(named, (one) => newest(fleet, one), { concurrency })

/** Returns the run that a text names, as `runs` and `newest` do. */
export const run = (
  configuration: Configuration,
  fleet: AnyFleet,
  text: string,
): Effect.Effect<RunTarget, ConfigurationProblems | RetlError> =>
  Effect.flatMap(
    Effect.flatMap(runs(configuration, [text]), (found) => allNewest(fleet, found)),
    ([one]) => (one === undefined ? Effect.die("a text names one run") : Effect.succeed(one)),
  )

/**
 * Returns the short text of a run: `name/run` where the configuration names its sync and the id is a plain word, else its ref.
 */
export const shortOf = (configuration: Pick<Configuration, "syncs">, ref: RunRef): string => {
  const { sync, name } = ofRef(configuration, ref.sync)
  return sync === undefined || !CommandLine.isWord(ref.run) ? ref.key : `${name}/${ref.run}`
}
