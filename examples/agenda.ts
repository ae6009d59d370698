/**
 * Lists when the configured syncs of a fleet run by themselves in the next 24 hours.
 *
 * A sync that an orchestrator triggers and that also has a schedule runs twice: the agenda flags it. The agenda also lists
 * what it cannot predict: syncs that follow a job elsewhere, and workspaces that could not be read.
 *
 * Run it with `npm run example agenda`.
 */
import type * as Fleet from "@openretl/core/Fleet"
import type { SyncRef } from "@openretl/core/Ref"
import type { RetlError } from "@openretl/core/RetlError"
import * as Schedule from "@openretl/core/Schedule"
import type { Sync } from "@openretl/core/Sync"
import { Console, DateTime, Effect, Option, Stream } from "effect"
import { openFleet } from "./support/configuredFleet.ts"
import { inVirtualTime } from "./support/virtualTime.ts"

export interface Agenda {
  /** Earliest first. */
  readonly firings: ReadonlyArray<{ readonly at: DateTime.Utc; readonly sync: Sync; readonly assumedTimeZone?: string }>
  /** Enabled syncs whose next runs cannot be predicted. */
  readonly unpredictable: ReadonlyArray<{ readonly sync: Sync; readonly why: string }>
  /** Syncs that the orchestrator triggers and that also have a schedule. */
  readonly runTwice: ReadonlyArray<Sync>
  /** One error for each workspace that could not be read. */
  readonly errors: ReadonlyArray<RetlError>
}

/** Returns the agenda of the `hours` after `from`. `orchestrated` are the syncs that your job runner triggers. */
export const agenda = Effect.fn("agenda")(function* (
  // biome-ignore lint/suspicious/noExplicitAny: a fleet of any workspaces
  fleet: Pick<Fleet.Fleet<any>, "syncs" | "list">,
  { from, hours, orchestrated }: { from: DateTime.Utc; hours: number; orchestrated: ReadonlyArray<SyncRef> },
) {
  const until = DateTime.add(from, { hours })
  const errors: Array<RetlError> = []
  const unpredictable: Array<{ sync: Sync; why: string }> = []
  const firings: Array<Agenda["firings"][number]> = []
  const runTwice: Array<Sync> = []
  const orchestratedRefs = new Set(orchestrated.map(String))

  const addSync = Effect.fnUntraced(function* (sync: Sync) {
    if (sync.state !== "enabled") return
    const { schedule, unreadSchedule } = sync
    if (schedule === undefined) {
      unpredictable.push({ sync, why: unreadSchedule ?? "the vendor does not report its schedule" })
      return
    }
    if (schedule._tag !== "Manual" && orchestratedRefs.has(sync.ref.toString())) runTwice.push(sync)
    // An interval counts from the start of the last run.
    const lastRun = schedule._tag === "Every" ? yield* Stream.runHead(fleet.list(sync.ref)) : Option.none()
    const anchor = Option.flatMapNullishOr(lastRun, ({ startedAt }) => startedAt)
    const occurrences = Schedule.occurrences(schedule, {
      from,
      until,
      ...(Option.isSome(anchor) && { anchor: anchor.value }),
    })
    if (occurrences._tag === "Unknown") unpredictable.push({ sync, why: occurrences.why })
    else for (const at of occurrences.at) firings.push({ ...occurrences, at, sync })
  })

  yield* Stream.runForEach(fleet.syncs, (result) =>
    result._tag === "Failure" ? Effect.sync(() => errors.push(result.failure)) : addSync(result.success),
  )
  firings.sort((a, b) => DateTime.Order(a.at, b.at) || nameOf(a.sync).localeCompare(nameOf(b.sync)))
  return { firings, unpredictable, runTwice, errors } satisfies Agenda
})

const nameOf = ({ name, connection, ref }: Sync): string =>
  name ?? `${connection.source?.name ?? connection.source?.id ?? "a sync"} (${ref.vendor})`

/** Returns the agenda as aligned lines of text. */
export const lines = ({ firings, unpredictable, runTwice, errors }: Agenda): ReadonlyArray<string> => [
  ...firings.map(({ at, sync, assumedTimeZone }) => {
    const time = `${DateTime.formatIso(at).slice(0, 16).replace("T", " ")} UTC`
    const note = assumedTimeZone === undefined ? "" : `, read as ${assumedTimeZone}`
    return line(time, nameOf(sync), `${sync.schedule === undefined ? "" : Schedule.describe(sync.schedule)}${note}`)
  }),
  ...unpredictable.map(({ sync, why }) => line("UNPREDICTABLE", nameOf(sync), why)),
  ...runTwice.map((sync) => line("RUNS TWICE", nameOf(sync), "has a schedule, and the orchestrator triggers it too")),
  ...errors.map((error) => line("NOT READ", error.workspace, `${error.code}: ${error.guidance}`)),
]

const line = (when: string, subject: string, text: string): string => `${when.padEnd(22)}${subject.padEnd(26)}${text}`

const main = Effect.gen(function* () {
  const { fleet, orchestrated } = yield* openFleet
  const nextDay = yield* agenda(fleet, { from: yield* DateTime.now, hours: 24, orchestrated })
  yield* Effect.forEach(lines(nextDay), (text) => Console.log(text))
}).pipe(Effect.scoped)

if (import.meta.main) await Effect.runPromise(inVirtualTime(main))
