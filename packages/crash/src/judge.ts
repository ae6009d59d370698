/** Compares what the vendor really did with what the journal has and with what callers learned. */
import type { Truth } from "@openretl/emulator/Control"
import type { End } from "./messages.ts"

/** An entry of the journal, with what is compared of it. */
export interface EntryFacts {
  readonly id: string
  readonly key: string
  readonly attempt: number
  readonly state: string
  /** When the entry was marked, in epoch milliseconds of the machine; absent where it never was. */
  readonly sentAt?: number
  /** When the entry was concluded as not started or refused, in epoch milliseconds of the machine. */
  readonly endedAt?: number
  readonly run?: string
  /** Why the entry has a run that its request was not answered with; absent where it was. */
  readonly adopted?: "lost-answer" | "already-running"
  /** How many runs the fence of its request lists; 0 without a request. */
  readonly fenceRuns: number
  /** The runs that an abandoned entry could have led to. */
  readonly candidates?: ReadonlyArray<string>
}

/** What a caller learned about a key. */
export interface Learned {
  readonly key: string
  readonly at: number
  readonly end: End
}

/** Everything that is known at the end. */
export interface Evidence {
  readonly truth: Pick<Truth, "runs" | "calls">
  readonly entries: ReadonlyArray<EntryFacts>
  readonly learned: ReadonlyArray<Learned>
  /** Whether nothing else triggers the sync of a key. */
  readonly isExclusive: (key: string) => boolean
}

/** An entry that is open at the end. */
export interface OpenEntry {
  readonly key: string
  readonly state: string
  /** How many runs the fence of its request lists. */
  readonly fenceRuns: number
  /** Why it is open, as its last caller learned; absent where none learned a reason. */
  readonly why?: string
}

/** What is wrong, each named by its key. All lists but the last two have to be empty. */
export interface Findings {
  /** Keys with two runs. */
  readonly doubles: ReadonlyArray<string>
  /** Keys with a request that left after an earlier one of the same key had started a run. */
  readonly resends: ReadonlyArray<string>
  /** Keys with a run that no entry has: neither as its run, nor as a candidate; and the key has no open entry either. */
  readonly lostRuns: ReadonlyArray<string>
  /** Keys that were concluded, or reported, as not started, although that very request started a run; each with the times. */
  readonly falseNotStarted: ReadonlyArray<string>
  /** Keys whose entry or caller has a run that another key, or something else, started; each with that. */
  readonly wrongAdoptions: ReadonlyArray<string>
  /** Keys of calls that ended with a defect, or because a store refused what core wrote; each with that. */
  readonly defects: ReadonlyArray<string>
  /** Open entries of syncs that nothing else triggers. */
  readonly openExclusive: ReadonlyArray<OpenEntry>
  /** Keys that share the run of another key: both waited for their turn in one process (T5). */
  readonly shared: ReadonlyArray<string>
  /** Open entries of the other syncs. */
  readonly openOthers: ReadonlyArray<OpenEntry>
}

/** The key that a request was for. */
export const keyOf = (request: Truth["calls"][number] | undefined): string | undefined =>
  request?.headers["x-request-id"]

export const judge = ({ truth, entries, learned, isExclusive }: Evidence): Findings => {
  const requests = truth.calls.filter(({ operation, headers }) => operation === "start" && "x-request-id" in headers)
  const starter = new Map(truth.runs.map((run) => [run.id, keyOf(run.request)]))
  const runsByKey = Map.groupBy(
    truth.runs.filter(({ request }) => keyOf(request) !== undefined),
    ({ request }) => keyOf(request) ?? "",
  )
  const requestsByKey = Map.groupBy(requests, (request) => keyOf(request) ?? "")
  const entriesByKey = Map.groupBy(entries, ({ key }) => key)
  const open = entries.filter(({ state }) => state === "sent" || state === "lost")

  /** The entry whose mark allowed a request: the last one that was marked before it arrived. */
  const entryOf = (key: string, at: number) =>
    (entriesByKey.get(key) ?? [])
      .filter(({ sentAt }) => sentAt !== undefined && sentAt <= at)
      .sort((one, other) => (other.sentAt ?? 0) - (one.sentAt ?? 0))[0]

  const doubles = [...runsByKey].filter(([, runs]) => runs.length > 1).map(([key]) => key)
  const resends = [...requestsByKey]
    .filter(([, calls]) => calls.slice(0, -1).some(({ createdRun }) => createdRun !== undefined))
    .map(([key]) => key)
  const lostRuns: Array<string> = []
  const falseNotStarted: Array<string> = []
  for (const [key, runs] of runsByKey) {
    const known = entriesByKey.get(key) ?? []
    for (const { id, request, createdAt } of runs) {
      const entry = entryOf(key, request?.at ?? 0)
      const isKnown = known.some(
        ({ run, state, candidates = [] }) =>
          run === id || state === "sent" || state === "lost" || candidates.includes(id),
      )
      if (!isKnown) lostRuns.push(key)
      const since = (at: number | undefined) => (at ?? 0) - (entry?.sentAt ?? 0)
      const times = `${key}: its request arrived ${since(request?.at)} ms after its mark, its run began at ${since(createdAt)} ms`
      if (entry?.state === "not-started" || entry?.state === "refused") {
        falseNotStarted.push(`${times}, its entry was ${entry.state} at ${since(entry.endedAt)} ms`)
      }
      // Another call may send the key after one that learned that nothing was sent.
      for (const { key: other, end } of learned) {
        if (other !== key || end._tag !== "NotStarted" || end.began <= (request?.at ?? 0)) continue
        falseNotStarted.push(`${times}, and a call that began at ${since(end.began)} ms learned otherwise`)
      }
    }
  }
  const originOf = (run: string) => starter.get(run) ?? truth.runs.find(({ id }) => id === run)?.origin ?? "nothing"
  const isShared = ({ key, run = "", adopted }: EntryFacts) =>
    adopted === "already-running" && starter.get(run) !== undefined && starter.get(run) !== key
  const sharing = entries.filter(isShared)
  const isRight = (key: string, run: string) =>
    starter.get(run) === key || sharing.some((entry) => entry.key === key && entry.run === run)
  const wrongAdoptions = [
    ...entries.flatMap(({ key, run }) =>
      run === undefined || isRight(key, run) ? [] : `${key}: its entry has ${run}, started by ${originOf(run)}`,
    ),
    ...learned.flatMap(({ key, end }) =>
      end._tag !== "Finished" || isRight(key, end.run)
        ? []
        : `${key}: a caller learned of ${end.run} (${end.how}), started by ${originOf(end.run)}`,
    ),
  ]
  const openOf = ({ key, state, fenceRuns }: EntryFacts): OpenEntry => {
    const last = learned.filter((one) => one.key === key).at(-1)?.end
    return { key, state, fenceRuns, ...(last?._tag === "Indeterminate" && { why: last.why }) }
  }
  const defectsOf = (end: End) =>
    end._tag === "Failed" && (end.code === "defect" || end.message.includes("InvalidEntry")) ? [end.message] : []
  return {
    doubles,
    resends,
    lostRuns: [...new Set(lostRuns)],
    falseNotStarted: [...new Set(falseNotStarted)],
    wrongAdoptions: [...new Set(wrongAdoptions)],
    defects: learned.flatMap(({ key, end }) => defectsOf(end).map((message) => `${key}: ${message}`)),
    openExclusive: open.filter(({ key }) => isExclusive(key)).map(openOf),
    shared: sharing.map(({ key, run = "" }) => `${key}: ${originOf(run)}`),
    openOthers: open.filter(({ key }) => !isExclusive(key)).map(openOf),
  }
}
