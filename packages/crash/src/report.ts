/** What a crash test prints, in lines of 80 columns, and the bounds that it holds against. */
import type { Findings, Learned, OpenEntry } from "./judge.ts"
import type { Outcome } from "./outcome.ts"
import { points } from "./points.ts"
import { windowsText } from "./windows.ts"

/** A store, and how its test went. */
export interface Tested {
  /** What people call the store. */
  readonly store: string
  readonly outcome: Outcome
}

type Faults = Omit<Findings, "openExclusive" | "openOthers" | "shared">

/** What each list of findings has that has to be empty. */
const faults = {
  doubles: "doubles: keys with two runs",
  resends: "keys with a request after one that had started a run",
  lostRuns: "lost runs",
  falseNotStarted: "false not started",
  wrongAdoptions: "wrong adoptions",
  defects: "calls that end with a defect or an invalid entry",
} as const satisfies Record<keyof Faults, string>

const faultNames = Object.keys(faults) as ReadonlyArray<keyof Faults>

const exclusiveText = "open entries of exclusive syncs after the resume"

/** Returns what is wrong: each bound that is broken, in one sentence. */
export const problems = (tested: ReadonlyArray<Tested>, killsPerPoint: number): ReadonlyArray<string> =>
  tested.flatMap(({ store, outcome: { kills, findings } }) =>
    [
      ...points
        .filter((point) => (kills.get(point) ?? 0) < killsPerPoint)
        .map((point) => `${kills.get(point) ?? 0} kills ${point}, expected at least ${killsPerPoint}`),
      ...faultNames.flatMap((name) => findings[name].map((fault) => `${faults[name]}: ${fault}`)),
      ...findings.openExclusive.map((entry) => `${exclusiveText}: ${entry.key}: ${entry.why ?? "no cause"}`),
      ...findings.openOthers
        .filter(({ why }) => why === undefined)
        .map(({ key, state }) => `open after the resume without a cause: ${key} (${state})`),
    ].map((problem) => `${store}: ${problem}`),
  )

/** Returns the lines before a test. */
export const header = ({ seed, killsPerPoint }: { readonly seed: number; readonly killsPerPoint: number }) => [
  `Three processes at a time are killed, seed ${seed}`,
  `At least ${killsPerPoint} kills at each of ${points.length} points, and for each store`,
  `Short windows: ${windowsText}`,
]

/** One line of the table: a number for each store. */
interface Row {
  readonly label: string
  readonly values: ReadonlyArray<number>
}

/** Returns the lines that a person reads after a test: a column for each store, then examples. */
export const lines = (tested: ReadonlyArray<Tested>): ReadonlyArray<string> => {
  if (tested.length === 0) return []
  const outcomes = tested.map(({ outcome }) => outcome)
  const row = (label: string, countOf: (outcome: Outcome) => number): Row => ({ label, values: outcomes.map(countOf) })
  const section = (title: string, rows: ReadonlyArray<Row>) => ["", title, ...rows.flatMap(rowLines)]
  const open = groups(outcomes, ({ findings }) => findings.openOthers.map(openSample))
  const failures = groups(outcomes, ({ learned }) => learned.flatMap(failureSample))
  return [
    "",
    `${"".padEnd(labelWidth)}${tested.map(({ store }) => store.padStart(columnWidth)).join("")}`,
    "Kills",
    ...[...points.map((point) => row(point, ({ kills }) => kills.get(point) ?? 0))].flatMap(rowLines),
    ...rowLines(row("in all", ({ counts }) => counts["kills"] ?? 0)),
    ...section("Faults: each of these is 0 where all is well", [
      ...faultNames.map((name) => row(faults[name], ({ findings }) => findings[name].length)),
      row(exclusiveText, ({ findings }) => findings.openExclusive.length),
    ]),
    ...section("Open entries of syncs with a schedule after the resume, by cause", open.map(rowOf)),
    ...section(
      "Counts",
      Object.keys(outcomes[0]?.counts ?? {})
        .filter((name) => name !== "kills")
        .map((name) => row(name, ({ counts }) => counts[name] ?? 0))
        .filter(({ values }) => values.some((value) => value > 0)),
    ),
    ...section("What callers learned", groups(outcomes, ({ learned }) => learned.map(endSample)).map(rowOf)),
    ...["", "Examples", ...[...open, ...failures].flatMap(exampleLines)],
  ]
}

const width = 80
const columnWidth = 12
const labelWidth = width - 2 * columnWidth

const rowLines = ({ label, values }: Row): ReadonlyArray<string> => {
  const wrapped = wrap(label, labelWidth - 2)
  const last = wrapped.pop() ?? ""
  const columns = values.map((value) => String(value).padStart(columnWidth)).join("")
  return [...wrapped.map((line) => `  ${line}`), `  ${last}`.padEnd(labelWidth) + columns]
}

/** Breaks a text into lines of at most so many characters, where it has spaces. */
const wrap = (text: string, atMost: number): Array<string> => {
  const wrapped: Array<string> = []
  let line = ""
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > atMost) {
      wrapped.push(line)
      line = `  ${word}`
    } else {
      line = line === "" ? word : `${line} ${word}`
    }
  }
  return [...wrapped, line]
}

/** What something is counted under, and how one of them reads. */
interface Sample {
  readonly cause: string
  readonly example: string
}

interface Group extends Sample {
  readonly counts: ReadonlyArray<number>
}

/** Returns the causes of all stores, the most frequent first, each with its counts and its first example. */
const groups = (
  outcomes: ReadonlyArray<Outcome>,
  samplesOf: (outcome: Outcome) => ReadonlyArray<Sample>,
): ReadonlyArray<Group> => {
  const samples = outcomes.map(samplesOf)
  const causes = Map.groupBy(samples.flat(), ({ cause }) => cause)
  return Array.from(causes.values())
    .toSorted((one, other) => other.length - one.length)
    .flatMap(([first]) =>
      first === undefined
        ? []
        : [{ ...first, counts: samples.map((all) => all.filter(({ cause }) => cause === first.cause).length) }],
    )
}

const rowOf = ({ cause, counts }: Group): Row => ({ label: cause, values: counts })

const exampleLines = ({ cause, example }: Group): ReadonlyArray<string> => [
  ...wrap(cause, width - 2).map((line) => `  ${line}`),
  ...wrap(example, width - 6).map((line) => `    ${line}`),
]

const openSample = ({ key, state, why = "no cause", fenceRuns }: OpenEntry): Sample => ({
  cause: why.replace(/\d+/g, "N"),
  example: `${key}, ${state}, ${fenceRuns} runs before its request: ${why}`,
})

const endSample = ({ end }: Learned): Sample => ({
  cause: end._tag === "Finished" ? end.how : end._tag === "Failed" ? `failed with ${end.code}` : words[end._tag],
  example: "",
})

const words = { NotStarted: "not started", Indeterminate: "indeterminate" } as const

const failureSample = ({ end }: Learned): ReadonlyArray<Sample> =>
  end._tag === "Failed" ? [{ cause: `failed with ${end.code}`, example: end.message.split("\n")[0] ?? "" }] : []
