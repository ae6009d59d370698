/** The program: plans one task per sync and does all tasks at once. It does not know of emulators. */
import type { IntentRecord, IntentStore, IntentStoreError } from "@openretl/core/IntentStore"
import type { RunRef, SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Clock, Effect, type Scope } from "effect"
import type { Config, Sync } from "./config.ts"
import type { Ending, Event } from "./event.ts"
import { follow, type Task } from "./follow.ts"

export interface Options {
  readonly config: Config
  readonly intents: IntentStore
  /** The runs to wait for. Absent to trigger every sync of the configuration. */
  readonly resume: ReadonlyArray<RunRef> | undefined
}

/** Receives the tasks before any request, and then every event. */
export interface Listener {
  readonly onBegin: (tasks: ReadonlyArray<Task>) => void
  readonly onEvent: (event: Event) => void
}

/** Runs all tasks and returns their endings by name. */
export const run = (
  options: Options,
  listener: Listener,
): Effect.Effect<ReadonlyMap<string, Ending>, RetlError | IntentStoreError, Scope.Scope> =>
  Effect.gen(function* () {
    const { config, intents, resume } = options
    const records = yield* Effect.forEach(config.workspaces, (name) => intents.all(name))
    const tasks = plan(config, records.flat(), resume)
    listener.onBegin(tasks)
    const fleet = yield* config.open(intents)
    const endings = yield* Effect.forEach(
      tasks,
      (task) => {
        const report = (progress: Event["progress"]) =>
          Effect.map(Clock.currentTimeMillis, (at) => listener.onEvent({ at, sync: task.name, progress }))
        return Effect.map(follow(fleet, task, report), (ending) => [task.name, ending] as const)
      },
      { concurrency: "unbounded" },
    )
    return new Map(endings)
  })

/** Returns one task per sync, or per run to resume, and one for each other sync with an unsettled trigger. */
const plan = (
  config: Config,
  unsettled: ReadonlyArray<IntentRecord>,
  resume: ReadonlyArray<RunRef> | undefined,
): ReadonlyArray<Task> => {
  const settingsOf = (sync: SyncRef): Sync | undefined => config.syncs.find(({ ref }) => String(ref) === String(sync))
  const unsettledOf = (sync: SyncRef) => unsettled.filter(({ intent }) => String(intent.sync) === String(sync))
  const requested =
    resume === undefined
      ? config.syncs.map(
          ({ ref }): UnnamedTask => ({ sync: ref, unsettled: unsettledOf(ref), next: { _tag: "Trigger" } }),
        )
      : resume.map((run): UnnamedTask => ({ sync: run.sync, unsettled: [], next: { _tag: "Wait", run } }))
  const resolvedFirst = new Set(resume === undefined ? requested.map(({ sync }) => String(sync)) : [])
  const others = new Map(
    unsettled
      .filter(({ intent }) => !resolvedFirst.has(String(intent.sync)))
      .map(({ intent }) => [String(intent.sync), intent.sync]),
  )
  const usedNames = new Set<string>()
  return [
    ...requested,
    ...Array.from(
      others.values(),
      (sync): UnnamedTask => ({ sync, unsettled: unsettledOf(sync), next: { _tag: "Stop" } }),
    ),
  ].map((task) => {
    const settings = settingsOf(task.sync)
    return { ...task, settings, name: uniqueName(usedNames, settings?.name ?? nameFromRef(task.sync)) }
  })
}

type UnnamedTask = Omit<Task, "name" | "settings">

/** Returns a name for a sync that is not in the file. */
const nameFromRef = ({ workspace, ids }: SyncRef): string =>
  `${workspace}/${Object.values(ids).at(-1) ?? ""}`.slice(0, 64)

/** Returns the name with a number behind it if it is used already, and adds it to the used names. */
const uniqueName = (usedNames: Set<string>, name: string): string => {
  let candidate = name
  for (let number = 2; usedNames.has(candidate); number++) candidate = `${name}-${number}`
  usedNames.add(candidate)
  return candidate
}
