/** What runs and syncs look like: as rows of a table for people, and as fields for programs. */

import type { Freshness } from "@openretl/core/Freshness"
import type * as Outcome from "@openretl/core/Outcome"
import { judge } from "@openretl/core/Outcome"
import type { RunRef } from "@openretl/core/Ref"
import { isTerminal, type Run } from "@openretl/core/Run"
import type { Sync } from "@openretl/core/Sync"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Predicate from "effect/Predicate"
import type { Configuration } from "../../Configuration.ts"
import { type Paint, toneOf } from "../terminal/color.ts"
import type { Column } from "../terminal/columns.ts"
import * as Format from "../terminal/format.ts"
import * as Targets from "./targets.ts"

/** A run with what is shown of it. */
export interface RunRow {
  readonly run: Run
  /** `name/run`, or the ref. */
  readonly short: string
  /** The verdict of a run that has ended, else its status. */
  readonly word: string
}

/** Returns the row of a run. */
export const rowOf = (configuration: Configuration, run: Run, policy: Outcome.Policy | undefined): RunRow => ({
  run,
  short: Targets.shortOf(configuration, run.ref),
  word: isTerminal(run.status) ? judge(run, policy).verdict : run.status,
})

/** `2026-11-28 17:32`, in UTC; empty without a time. */
export const minute = (time: DateTime.DateTime | undefined): string =>
  time === undefined ? "" : DateTime.formatIso(DateTime.toUtc(time)).slice(0, 16).replace("T", " ")

/** How long the run took, or has been under way. */
export const duration = ({ startedAt, finishedAt }: Run, now: number): string => {
  if (startedAt === undefined) return ""
  const end = finishedAt === undefined ? now : DateTime.toEpochMillis(finishedAt)
  return Format.elapsed(end - DateTime.toEpochMillis(startedAt))
}

/** Returns what the vendor calls a sync; where it has no name, its source and destination; else the last of its ids. */
export const titleOf = ({ name, connection: { source, destination }, ref }: Sync): string => {
  const ends = [source?.name, destination?.name ?? destination?.kind].filter((end) => end !== undefined && end !== "")
  return name ?? (ends.length > 0 ? ends.join(" to ") : (Object.values(ref.ids).at(-1) ?? "sync"))
}

/** The columns of a list of runs. */
export const runColumns = (now: number): ReadonlyArray<Column<RunRow>> => [
  // Nothing is cut from what a command takes.
  { title: "run", cell: ({ short }) => short, minWidth: Number.POSITIVE_INFINITY },
  { title: "outcome", cell: ({ word }) => word, tone: ({ word }) => toneOf(word), minWidth: 10 },
  { title: "rows", cell: ({ run }) => Format.rows(run.rows), minWidth: 18 },
  // Without its year: show has it.
  {
    title: "started",
    cell: ({ run }) => minute(run.startedAt ?? run.queuedAt).slice(5),
    tone: () => "dim",
    minWidth: 11,
  },
  { title: "time", cell: ({ run }) => duration(run, now), tone: () => "dim", minWidth: 9, isRightAligned: true },
  { title: "why", cell: ({ run }) => errorCodeOf(run) ?? "", minWidth: 12 },
]

const freshnessTones = { Fresh: "green", Stale: "red", Never: "red", Unverified: "yellow" } as const

/** Returns how fresh the data of syncs are, a line each. */
export const freshnessLines = (
  configuration: Pick<Configuration, "syncs">,
  looked: ReadonlyArray<{ readonly name: string; readonly freshness: Freshness }>,
  paint: Paint,
): ReadonlyArray<string> => {
  const rows = looked.map(({ name, freshness }) => ({
    tone: freshnessTones[freshness._tag],
    word: freshness._tag === "Stale" ? `stale (${freshness.level})` : freshness._tag.toLowerCase(),
    name,
    age: "age" in freshness ? `${Format.elapsed(Duration.toMillis(freshness.age))} old` : "",
    run: freshness._tag === "Never" || !freshness.run ? "" : Targets.shortOf(configuration, freshness.run.ref),
    why: "why" in freshness ? freshness.why : "",
  }))
  const widest = (least: number, field: "name" | "age") =>
    rows.reduce((most, row) => Math.max(most, row[field].length), least)
  const [nameWidth, ageWidth] = [widest(20, "name"), widest(0, "age")]
  return rows.map(({ tone, word, name, age, run, why }) => {
    const details = [age.padEnd(ageWidth), run, why].filter((detail) => detail !== "")
    return `${paint(tone, word.padEnd(14))}  ${name.padEnd(nameWidth)}  ${details.join("  ")}`
  })
}

/** The fields of a run for programs. No error text and no payload: they may hold a row. */
export const runFields = (configuration: Configuration, run: Run, policy: Outcome.Policy | undefined) => {
  const judged = isTerminal(run.status) ? judge(run, policy) : undefined
  const time = (value: DateTime.DateTime | undefined) => (value === undefined ? undefined : DateTime.formatIso(value))
  return {
    sync: Targets.ofRef(configuration, run.ref.sync).name,
    run: run.ref.run,
    ref: refText(run.ref),
    status: run.status,
    vendorStatus: Format.printable(run.vendorStatus, 200),
    ...(judged && { verdict: judged.verdict, accepted: judged.accepted }),
    rows: run.rows,
    queuedAt: time(run.queuedAt),
    startedAt: time(run.startedAt),
    finishedAt: time(run.finishedAt),
    startedBy: run.startedBy,
    errorCode: errorCodeOf(run),
  }
}

/** Returns the vendor's code of a run that failed, with addresses and numbers masked. */
export const errorCodeOf = (run: Run): string | undefined => {
  const shown = run.toJSON()
  return Predicate.hasProperty(shown, "errorCode") ? Format.printable(String(shown.errorCode), 80) : undefined
}

const refText = (ref: RunRef): string => String(ref)
