/**
 * Waiting on the virtual clock: how many requests, and how late the end is seen.
 *
 * OpenRETL's waits are its own code; its rivals are fixed polling and a backoff, over the same runs. None of these
 * figures depends on the machine but the memory.
 */
import * as Effect from "effect/Effect"
import type { Benchmark, Table } from "../report/benchmark.ts"
import { atLeast, atMost } from "../report/budget.ts"
import * as Limited from "./limited.ts"
import * as Mix from "./mix.ts"
import * as Planner from "./planner.ts"
import * as Rivals from "./rivals.ts"
import { type Summary, summarize, type Watched } from "./watched.ts"

const count = 1_000
const minutes = 60_000

/** Bytes; about twice what was measured. */
const mostPerWait = 12_000

export const benchmark: Benchmark = () =>
  Effect.runPromise(
    Effect.gen(function* () {
      const lengths = Mix.lengths(count)
      const watched = yield* Planner.over(lengths)
      const own = summarize(watched)
      const same = {
        requests: Rivals.longestFixed(lengths, ({ requests }) => requests >= own.requests),
        p95: Rivals.longestFixed(lengths, ({ p95 }) => p95 <= own.p95),
        p95Part: Rivals.longestFixed(lengths, ({ p95Part }) => p95Part <= own.p95Part),
      }
      const halfHour = yield* Planner.shared({ runs: 1, waiters: 1, lasts: 30 * minutes })
      const hour = yield* Planner.shared({ runs: 1, waiters: 1, lasts: 60 * minutes })
      const crowd = yield* Planner.shared({ runs: 1, waiters: 50, lasts: 30 * minutes })
      const listCandidates = yield* Planner.shared({ runs: 20, waiters: 1, lasts: 30 * minutes })
      const limited = yield* Limited.over(Mix.lengths(200))
      const crowded = summarize(limited.watched)
      const perWait = yield* Planner.memory({ waits: 10_000, syncs: 1_000 })

      return {
        tables: [
          {
            title: `${count.toLocaleString("en-US")} runs of 30 s to 2 h, one a sync`,
            rows: [
              rowOf("OpenRETL", own),
              ...[3, 10, 60].map((seconds) =>
                rowOf(`fixed ${seconds} s`, summarize(Rivals.over(lengths, Rivals.fixed(seconds * 1_000)))),
              ),
              rowOf("1 s x 1.5, cap 30 s", summarize(Rivals.over(lengths, Rivals.growing(1_000, 1.5, 30_000)))),
              rowOf(`same requests: fixed ${same.requests.seconds} s`, same.requests.summary),
              rowOf(`same p95: fixed ${same.p95.seconds} s`, same.p95.summary),
              rowOf(`same p95 of length: fixed ${same.p95Part.seconds} s`, same.p95Part.summary),
            ],
            notes: [
              "Delay: from the run's end to the answer that shows it; of length: as a part of what the run took.",
              "In seconds, fixed polling with as many requests and the backoff have the better p95: they see the ends of long",
              "runs sooner. In parts of the length OpenRETL has it: it sees the ends of short ones sooner.",
            ],
          },
          byLength(lengths, watched, same.requests.seconds),
          {
            title: "waits that share",
            rows: [
              { what: "one run of 30 minutes", requests: halfHour.all },
              { what: "one run of an hour", requests: hour.all },
              { what: "one run of 30 minutes, 50 waiters", requests: crowd.all },
              { what: "20 runs of one sync, 30 minutes", requests: listCandidates.all },
            ],
            notes: [`memory of one wait, among 10,000 over 1,000 syncs: ${(perWait / 1_024).toFixed(1)} KB`],
          },
          {
            title: "200 such runs begun at once in one Segment workspace, which allows 250 reads a minute",
            rows: [
              {
                ...rowOf("OpenRETL", crowded),
                "over the limit": limited.overLimit,
              },
            ],
            notes: [
              "OpenRETL keeps to 175 of the 250, which leaves the rest to others. Fixed polling every 10 s would ask 1,200 times.",
            ],
          },
        ],
        budgets: [
          atMost("requests a run", own.requests, 65),
          atMost("latest sight of an end, in parts of the run's length", latestPart(watched), 0.1),
          atMost("latest sight of an end, in seconds", latest(watched), 60),
          atMost(
            "p95 delay in parts of length, against fixed polling with the same requests",
            own.p95Part / same.requests.summary.p95Part,
            0.5,
          ),
          atMost(
            "requests, against fixed polling with the same p95 in parts of length",
            own.requests / same.p95Part.summary.requests,
            0.5,
          ),
          atMost("requests for a run of 30 minutes", halfHour.all, 75),
          atMost("requests that 50 waiters on one run add to those of one", crowd.all - halfHour.all, 0),
          atMost("requests for 20 runs of one sync, against those for one", listCandidates.all / halfHour.all, 1.1),
          atLeast("of these, the part that are listings", listCandidates.list / listCandidates.all, 0.9),
          atMost("requests over the limit with 200 waits at once", limited.overLimit, 0),
          atMost("p95 delay with 200 waits at once, in seconds", crowded.p95, 80),
          atMost("bytes a wait", Math.round(perWait), mostPerWait),
        ],
      }
    }),
  )

const rowOf = (name: string, { requests, median, p95, medianPart, p95Part }: Summary) => ({
  waiting: name,
  "requests/run": requests.toFixed(1),
  "median delay": `${median.toFixed(1)} s`,
  "p95 delay": `${p95.toFixed(1)} s`,
  "median, of length": percent(medianPart),
  "p95, of length": percent(p95Part),
})

const byLength = (lengths: ReadonlyArray<number>, watched: ReadonlyArray<Watched>, seconds: number): Table => {
  const fixed = Rivals.over(lengths, Rivals.fixed(seconds * 1_000))
  return {
    title: `by length, against fixed polling with the same requests in all (${seconds} s)`,
    rows: Mix.classes.map(({ name, from, to }) => {
      const within = (all: ReadonlyArray<Watched>) => all.filter(({ length }) => length >= from && length < to)
      const [own, other] = [within(watched), within(fixed)].map(summarize) as [Summary, Summary]
      return {
        length: name,
        runs: within(watched).length,
        "requests/run": own.requests.toFixed(1),
        "fixed: requests": other.requests.toFixed(1),
        "median delay": `${own.median.toFixed(1)} s`,
        "fixed: median": `${other.median.toFixed(1)} s`,
        "p95 delay": `${own.p95.toFixed(1)} s`,
        "fixed: p95": `${other.p95.toFixed(1)} s`,
      }
    }),
  }
}

const latest = (watched: ReadonlyArray<Watched>): number => Math.max(...watched.map(({ delay }) => delay)) / 1_000

const latestPart = (watched: ReadonlyArray<Watched>): number =>
  Math.max(...watched.map(({ delay, length }) => delay / length))

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`
