/** What a benchmark of the benchmarks measures, and what it hands back. */
import type { Budget } from "./budget.ts"

export interface Settings {
  /** Triggers for each vendor in the simulation. */
  readonly triggers: number
}

/** Rows keyed by the column's title; the first row's keys are the columns. */
export interface Table {
  readonly title: string
  readonly rows: ReadonlyArray<Readonly<Record<string, string | number>>>
  /** What a reader has to know to read the figures right. */
  readonly notes?: ReadonlyArray<string>
}

export interface Report {
  readonly tables: ReadonlyArray<Table>
  readonly budgets: ReadonlyArray<Budget>
}

export type Benchmark = (settings: Settings) => Promise<Report>
