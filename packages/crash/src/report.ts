/** What a crash test prints, and the bounds that it holds against. */
import type { Outcome } from "./harness.ts"
import { points } from "./points.ts"

/** Returns what is wrong with an outcome: each bound that is broken, in one sentence. */
export const problems = ({ kills, findings }: Outcome, fewestPerPoint: number): ReadonlyArray<string> => {
  const { openOthers: _open, shared: _shared, ...faults } = findings
  return [
    ...points
      .filter((point) => (kills.get(point) ?? 0) < fewestPerPoint)
      .map((point) => `${kills.get(point) ?? 0} kills ${point}, expected at least ${fewestPerPoint}`),
    ...Object.entries(faults).flatMap(([name, keys]) => keys.map((key) => `${words(name)}: ${key}`)),
  ]
}

/** Returns the lines that a person reads. */
export const lines = (title: string, { kills, counts, errors, findings }: Outcome): ReadonlyArray<string> => [
  title,
  ...points.map((point) => line(kills.get(point) ?? 0, `killed ${point}`)),
  ...Object.entries(findings).map(([name, keys]) => line(keys.length, words(name))),
  ...findings.openOthers.map((entry) => `           ${entry}`),
  ...Object.entries(counts).map(([name, count]) => line(count, name)),
  ...Array.from(errors, ([code, message]) => `           ${code}, for example: ${message}`),
]

const line = (count: number, text: string): string => `${String(count).padStart(8)} ${text}`

const names: Readonly<Record<string, string>> = {
  doubles: "keys with two runs",
  resends: "keys with a request after one that had started a run",
  lostRuns: "lost runs",
  falseNotStarted: "false not started",
  wrongAdoptions: "wrong adoptions",
  openExclusive: "open entries of exclusive syncs after the resume",
  shared: "keys that share the run of another key, because both waited in one process",
  openOthers: "open entries of syncs with a schedule after the resume, each with its cause",
}

const words = (name: string): string => names[name] ?? name
