/** The program: plans one task per sync and does all tasks at once. It does not know of emulators. */
import type * as Journal from "@openretl/core/Journal"
import type { RunRef, SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import { Runs } from "@openretl/core/Runs"
import { Clock, Effect, type Scope } from "effect"
import type { AnyFleet, Config } from "./config.ts"
import type { Ending, Event } from "./event.ts"
import { follow, type Task } from "./follow.ts"

export interface Options {
  readonly config: Config
  readonly journal: Journal.Service
  /** The runs to wait for, besides what the journal has. Absent to trigger every sync of the configuration. */
  readonly resume: ReadonlyArray<RunRef> | undefined
  /** The key of every trigger. Absent where this start is an occasion of its own. */
  readonly key: string | undefined
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
): Effect.Effect<ReadonlyMap<string, Ending>, RetlError, Scope.Scope> =>
  Effect.gen(function* () {
    const { config, journal } = options
    const fleet = yield* config.open(journal)
    const tasks = yield* plan(options, fleet)
    listener.onBegin(tasks)
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

/** Returns one task per sync to trigger or, to resume, one per run and one per entry that the journal still has. */
const plan = Effect.fnUntraced(function* ({ config, resume, key }: Options, fleet: AnyFleet) {
  const unnamed =
    resume === undefined
      ? config.syncs.map(({ ref }): UnnamedTask => ({ sync: ref, next: { _tag: "Trigger", key } }))
      : [
          ...resume.map((run): UnnamedTask => ({ sync: run.sync, next: { _tag: "Wait", run } })),
          ...(yield* readEntries(config, fleet))
            .filter((entry) => entry.state !== "started" || resume.every(({ key }) => key !== entry.run.key))
            .map((entry): UnnamedTask => ({ sync: entry.sync, next: { _tag: "Resume", entry } })),
        ]
  const usedNames = new Set<string>()
  return unnamed.map((task): Task => {
    const settings = config.syncs.find(({ ref }) => String(ref) === String(task.sync))
    return { ...task, settings, name: uniqueName(usedNames, settings?.name ?? nameFromRef(task.sync)) }
  })
})

/** Reads the entries that an earlier process left, and that this one goes on with. */
const readEntries = (config: Config, fleet: AnyFleet) =>
  Effect.map(
    Effect.forEach(config.workspaces, (name) => fleet.in(name)(Effect.flatMap(Runs, ({ pending }) => pending))),
    (pending) => pending.flat().flatMap(({ entry }) => (entry.kind === "trigger" ? [entry] : [])),
  )

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
