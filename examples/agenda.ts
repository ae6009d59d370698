/**
 * Who fires when: all configured syncs of a fleet, and when they run by themselves in the next 24 hours.
 *
 * A sync that an orchestrator triggers and that also has a schedule of its own runs twice: it is flagged. What cannot be
 * told (a schedule that follows a job elsewhere, an account that cannot be read) is said, not left out.
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
import { virtually } from "./support/virtualTime.ts"

export interface Agenda {
  /** In the order of time. */
  readonly firings: ReadonlyArray<{ readonly at: DateTime.Utc; readonly sync: Sync; readonly assumedTimeZone?: string }>
  /** Enabled syncs of which nothing here tells when they fire. */
  readonly unknown: ReadonlyArray<{ readonly sync: Sync; readonly why: string }>
  /** Triggered by the orchestrator, and firing by themselves. */
  readonly twice: ReadonlyArray<Sync>
  /** Workspaces that could not be read. */
  readonly unread: ReadonlyArray<RetlError>
}

/** The agenda from `from` on. `orchestrated` are the syncs that a job runner of yours triggers. */
export const agenda = Effect.fn("agenda")(function* (
  // biome-ignore lint/suspicious/noExplicitAny: a fleet of any workspaces
  fleet: Pick<Fleet.Fleet<any>, "syncs" | "list">,
  { from, hours, orchestrated }: { from: DateTime.Utc; hours: number; orchestrated: ReadonlyArray<SyncRef> },
) {
  const until = DateTime.add(from, { hours })
  const unread: Array<RetlError> = []
  const unknown: Array<{ sync: Sync; why: string }> = []
  const firings: Array<Agenda["firings"][number]> = []
  const twice: Array<Sync> = []
  const triggered = new Set(orchestrated.map(String))

  const one = Effect.fnUntraced(function* (sync: Sync) {
    if (sync.state !== "enabled") return
    const { schedule, unreadSchedule } = sync
    if (schedule === undefined) {
      unknown.push({ sync, why: unreadSchedule ?? "the vendor does not tell its schedule" })
      return
    }
    if (schedule._tag !== "Manual" && triggered.has(sync.ref.toString())) twice.push(sync)
    // What fires every so often counts from the last run.
    const last = schedule._tag === "Every" ? yield* Stream.runHead(fleet.list(sync.ref)) : Option.none()
    const anchor = Option.flatMapNullishOr(last, ({ startedAt }) => startedAt)
    const told = Schedule.occurrences(schedule, { from, until, ...(Option.isSome(anchor) && { anchor: anchor.value }) })
    if (told._tag === "Unknown") unknown.push({ sync, why: told.why })
    else for (const at of told.at) firings.push({ ...told, at, sync })
  })

  yield* Stream.runForEach(fleet.syncs, (found) =>
    found._tag === "Failure" ? Effect.sync(() => unread.push(found.failure)) : one(found.success),
  )
  firings.sort((a, b) => DateTime.Order(a.at, b.at) || nameOf(a.sync).localeCompare(nameOf(b.sync)))
  return { firings, unknown, twice, unread } satisfies Agenda
})

const nameOf = ({ name, connection, ref }: Sync): string =>
  name ?? `${connection.source?.name ?? connection.source?.id ?? "a sync"} (${ref.vendor})`

export const lines = ({ firings, unknown, twice, unread }: Agenda): ReadonlyArray<string> => [
  ...firings.map(({ at, sync, assumedTimeZone }) => {
    const time = `${DateTime.formatIso(at).slice(0, 16).replace("T", " ")} UTC`
    const note = assumedTimeZone === undefined ? "" : `, read as ${assumedTimeZone}`
    return `${time}  ${nameOf(sync).padEnd(26)}${sync.schedule === undefined ? "" : Schedule.describe(sync.schedule)}${note}`
  }),
  ...unknown.map(({ sync, why }) => `not known             ${nameOf(sync).padEnd(26)}${why}`),
  ...twice.map(
    (sync) => `RUNS TWICE            ${nameOf(sync).padEnd(26)}triggered by the orchestrator, and by itself`,
  ),
  ...unread.map((error) => `NOT READ          ${error.workspace.padEnd(26)}${error.code}: ${error.guidance}`),
]

const main = Effect.gen(function* () {
  const { fleet, orchestrated } = yield* openFleet
  const found = yield* agenda(fleet, { from: yield* DateTime.now, hours: 24, orchestrated })
  yield* Effect.forEach(lines(found), (line) => Console.log(line))
}).pipe(Effect.scoped)

if (import.meta.main) await Effect.runPromise(virtually(main))
