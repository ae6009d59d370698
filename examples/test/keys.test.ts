/** The keys that docs/keys.md passes to a step: each is one that core accepts. The programs of the page are examples. */
import { execFile } from "node:child_process"
import { readFile } from "node:fs/promises"
import { promisify } from "node:util"
import { Key } from "@openretl/core/JournalEntry"
import { Schema } from "effect"
import { describe, expect, it } from "vitest"

const page = await readFile(new URL("../../docs/keys.md", import.meta.url), "utf8")
const isKey = Schema.is(Key)

/** The key in the row of the page's table that begins with a text. */
const keyOf = (row: string): string => {
  const line = page.split("\n").find((text) => text.startsWith(`| ${row} | \``))
  return /^\| [^|]+ \| `([^`]+)`/.exec(line ?? "")?.[1] ?? `no row "${row}"`
}

describe("the keys of docs/keys.md", () => {
  it.each([
    ["a line of a crontab, once a day", /^nightly\/\d{4}-\d\d-\d\d$/],
    ["the same, every hour", /^orders\/\d{4}-\d\d-\d\dT\d\d$/],
  ])("%s: it is the date of the occasion", async (row, form) => {
    // cron takes the backslash off each `\%`.
    const command = `printf %s ${keyOf(row).replaceAll("\\%", "%")}`
    const { stdout } = await promisify(execFile)("/bin/sh", ["-c", command])
    expect(stdout).toMatch(form)
    expect(isKey(stdout)).toBe(true)
  })

  const values = [
    ["{{ dag.dag_id }}", "orders"],
    ["{{ run_id }}", "scheduled__2026-11-27T03:00:00+00:00"],
    [`\${{ github.run_id }}`, "19733201457"],
  ] as const
  it.each(["Airflow", "GitHub Actions"])("%s: it is the id of the run, never the number of the attempt", (row) => {
    const key = values.reduce((filled, [name, value]) => filled.replace(name, value), keyOf(row))
    expect(key).not.toMatch(/[{}"]/)
    expect(isKey(key)).toBe(true)
    expect(key).not.toMatch(/attempt|try_number/)
  })
})
