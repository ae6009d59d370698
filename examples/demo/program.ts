/** The program itself: what is to be done for which sync, and doing it all at once. Nothing in here knows of emulators. */
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
  /** The runs to wait for; absent to trigger every sync of the configuration. */
  readonly resume: ReadonlyArray<RunRef> | undefined
}

/** Hears of the tasks before anything is sent, and of everything that happens. */
export interface Listener {
  readonly begin: (tasks: ReadonlyArray<Task>) => void
  readonly hear: (event: Event) => void
}

export const run = (
  options: Options,
  listener: Listener,
): Effect.Effect<ReadonlyMap<string, Ending>, RetlError | IntentStoreError, Scope.Scope> =>
  Effect.gen(function* () {
    const { config, intents, resume } = options
    const left = yield* Effect.forEach(config.workspaces, (name) => intents.all(name))
    const tasks = plan(config, left.flat(), resume)
    listener.begin(tasks)
    const fleet = yield* config.open(intents)
    const endings = yield* Effect.forEach(
      tasks,
      (task) => {
        const report = (happening: Event["happening"]) =>
          Effect.map(Clock.currentTimeMillis, (at) => listener.hear({ at, sync: task.name, happening }))
        return Effect.map(follow(fleet, task, report), (ending) => [task.name, ending] as const)
      },
      { concurrency: "unbounded" },
    )
    return new Map(endings)
  })

/** The tasks: every sync, or every ref to resume; and in either case whatever was left unsettled. */
const plan = (
  config: Config,
  left: ReadonlyArray<IntentRecord>,
  resume: ReadonlyArray<RunRef> | undefined,
): ReadonlyArray<Task> => {
  const settingsOf = (sync: SyncRef): Sync | undefined => config.syncs.find(({ ref }) => String(ref) === String(sync))
  const leftOf = (sync: SyncRef) => left.filter(({ intent }) => String(intent.sync) === String(sync))
  const wanted =
    resume === undefined
      ? config.syncs.map(
          ({ ref }): Omit<Task, "name" | "settings"> => ({ sync: ref, left: leftOf(ref), next: { _tag: "Trigger" } }),
        )
      : resume.map(
          (run): Omit<Task, "name" | "settings"> => ({ sync: run.sync, left: [], next: { _tag: "Wait", run } }),
        )
  const covered = new Set(resume === undefined ? wanted.map(({ sync }) => String(sync)) : [])
  const orphans = new Map(
    left
      .filter(({ intent }) => !covered.has(String(intent.sync)))
      .map(({ intent }) => [String(intent.sync), intent.sync]),
  )
  const names = new Set<string>()
  return [
    ...wanted,
    ...Array.from(orphans.values(), (sync) => ({ sync, left: leftOf(sync), next: { _tag: "Stop" as const } })),
  ].map((task) => {
    const settings = settingsOf(task.sync)
    return { ...task, settings, name: unique(names, settings?.name ?? nameless(task.sync)) }
  })
}

/** A name for a sync that the file does not have. */
const nameless = ({ workspace, ids }: SyncRef): string => `${workspace}/${Object.values(ids).at(-1) ?? ""}`.slice(0, 64)

const unique = (taken: Set<string>, name: string): string => {
  let free = name
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`
  taken.add(free)
  return free
}
