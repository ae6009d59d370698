/** Prints reports as aligned text. */
import type { Report, Table } from "./benchmark.ts"
import type { Budget } from "./budget.ts"

export const print = (name: string, seconds: number, { tables, budgets }: Report): void => {
  console.log(`\n${name} (${formatted(Number(seconds.toFixed(1)))} s)`)
  for (const table of tables) printTable(table)
  for (const budget of budgets) printBudget(budget)
}

const printTable = ({ title, rows, notes = [] }: Table): void => {
  const columns = Object.keys(rows[0] ?? {})
  const cells = [columns, ...rows.map((row) => columns.map((column) => formatted(row[column] ?? "")))]
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)))
  console.log(`\n  ${title}`)
  for (const line of cells) {
    // The first column is aligned left, all others right.
    const padded = line.map((cell, index) =>
      index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
    )
    console.log(`    ${padded.join("   ").trimEnd()}`)
  }
  for (const note of notes) console.log(`    ${note}`)
}

const printBudget = ({ what, value, bound, isKept }: Budget): void => {
  const limit = "atMost" in bound ? `at most ${formatted(bound.atMost)}` : `at least ${formatted(bound.atLeast)}`
  console.log(`  ${isKept ? "kept    " : "EXCEEDED"} ${what}: ${formatted(value)}, ${limit}`)
}

/** Returns whole numbers in full, and others with three significant digits. */
const formatted = (value: string | number): string => {
  if (typeof value === "string") return value
  if (Number.isInteger(value) || Math.abs(value) >= 1_000) return Math.round(value).toLocaleString("en-US")
  return String(Number(value.toPrecision(3)))
}
