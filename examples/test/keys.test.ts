/** The lines of docs/keys.md that are not TypeScript: each sets a key that core accepts. The programs are examples. */
import { execFile } from "node:child_process"
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { promisify } from "node:util"
import { Key } from "@openretl/core/JournalEntry"
import { Schema } from "effect"
import { describe, expect, it } from "vitest"

const page = await readFile(new URL("../../docs/keys.md", import.meta.url), "utf8")
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? ""
const isKey = Schema.is(Key)

describe("the keys of docs/keys.md", () => {
  it("cron sets the date of the occasion", async ({ onTestFinished }) => {
    const folder = await mkdtemp(join(tmpdir(), "openretl-cron-"))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    await writeFile(join(folder, "node"), '#!/bin/sh\nprintf %s "$OPENRETL_KEY"\n')
    await chmod(join(folder, "node"), 0o755)
    // cron takes five fields off the line, and the backslash off each `\%`.
    const command = block("sh").trim().split(" ").slice(5).join(" ").replaceAll("\\%", "%")
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` }
    const { stdout } = await promisify(execFile)("/bin/sh", ["-c", command], { env })
    expect(stdout).toMatch(/^nightly\/\d{4}-\d\d-\d\d$/)
    expect(isKey(stdout)).toBe(true)
  })

  const templates: ReadonlyArray<readonly [string, string, ReadonlyArray<readonly [string, string]>]> = [
    [
      "Airflow",
      `OPENRETL_KEY: ${/`(\{\{ dag\.dag_id[^`]+)`/.exec(page)?.[1]}`,
      [
        ["{{ dag.dag_id }}", "orders"],
        ["{{ run_id }}", "scheduled__2026-11-27T03:00:00+00:00"],
      ],
    ],
    ["GitHub Actions", block("yaml"), [[`\${{ github.run_id }}`, "19733201457"]]],
  ]
  it.each(templates)("%s sets the id of the run, never the number of the attempt", (_, text, values) => {
    const template = /OPENRETL_KEY"?: "?([^"\n]+)/.exec(text)?.[1] ?? ""
    const key = values.reduce((filled, [name, value]) => filled.replace(name, value), template)
    expect(key).not.toMatch(/[{}]/)
    expect(isKey(key)).toBe(true)
    expect(text).not.toMatch(/attempt|try_number/)
  })
})
