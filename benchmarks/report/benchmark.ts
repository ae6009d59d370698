/** The shape of a benchmark and of its report. */
import type { Budget } from "./budget.ts"

export interface Settings {
  /** How many triggers the simulation sends per vendor. */
  readonly triggers: number
}

/** A table. Each row has its cells by column title; the keys of the first row are the columns. */
export interface Table {
  readonly title: string
  readonly rows: ReadonlyArray<Readonly<Record<string, string | number>>>
  /** What a reader must know to understand the figures, one line each. */
  readonly notes?: ReadonlyArray<string>
}

export interface Report {
  readonly tables: ReadonlyArray<Table>
  readonly budgets: ReadonlyArray<Budget>
}

export type Benchmark = (settings: Settings) => Promise<Report>
