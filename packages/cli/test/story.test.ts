/** Pages of the docs that show what commands print: they are written here (`vitest -u`), and a stale one fails. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import { serve } from "@openretl/emulator/Server"
import { Effect, Exit, Scope } from "effect"
import { describe, expect, it } from "vitest"
import { run, type Test } from "./support/program.ts"

const emptyFolder = async ({ onTestFinished }: Test) => {
  const cwd = await mkdtemp(join(tmpdir(), "openretl-story-"))
  onTestFinished(() => rm(cwd, { recursive: true, force: true }))
  return cwd
}

/** Serves a vendor with two syncs: one run delivers all rows, one does not. */
const serveVendor = async ({ onTestFinished }: Test) => {
  const scope = await Effect.runPromise(Scope.make())
  onTestFinished(() => Effect.runPromise(Scope.close(scope, Exit.void)))
  return Effect.runPromise(
    Effect.gen(function* () {
      const emulator = yield* RudderStackEmulator.make({ seed: 4, token: "rs-token" })
      yield* emulator.addSync({ name: "Orders", plan: { duration: "1 milli", rows: { succeeded: 12_480 } } })
      yield* emulator.addSync({
        name: "Refunds",
        plan: { duration: "1 milli", rows: { succeeded: 11_988, failed: 12 } },
      })
      return yield* serve(emulator)
    }).pipe(Effect.provideService(Scope.Scope, scope)),
  )
}

/** Replaces what differs from one time to the next: addresses, times, durations. */
const steady = (text: string, url: string): string =>
  text
    .replaceAll(url, "http://127.0.0.1:4101")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "2026-11-28T02:00:00.000Z")
    .replace(/\b\d\d-\d\d \d\d:\d\d\b/g, "11-28 02:00")
    .replace(/(?<= {2})\s*\d+ s\b/g, (time) => "1 s".padStart(time.length))
    .replace(/took +\d+ s/g, "took     1 s")
    .replace(/(run\.rudderstack\.rudderstack\.\w+)\.\w+\./g, "$1.-.")
    .trimEnd()

const fence = "```"

it("docs/first-run.md: from an empty folder to a run that is explained", { timeout: 120_000 }, async (test) => {
  const cwd = await emptyFolder(test)
  const url = await serveVendor(test)
  const env = { RUDDERSTACK_TOKEN: "rs-token" }
  const step = async (title: string, args: ReadonlyArray<string>, exit = 0) => {
    const result = await run(test, args, { cwd, env })
    expect({ exit: result.exit, err: result.err }, result.out).toEqual({ exit, err: "" })
    const command = ["openretl", ...args].join(" ")
    return `${title}\n\n${fence}\n$ ${steady(command, url)}\n${steady(result.out, url)}\n${fence}\n`
  }
  const steps = [
    await step(
      "Name the vendors of your workspaces. Leave out `--base-url` for a real account; here it is an emulator's:",
      ["init", "rudderstack", "--base-url", url],
    ),
    await step("Set the variable that the file names, and look whether everything can be reached. It only reads:", [
      "doctor",
    ]),
    await step("Add the syncs that there are to the file:", ["syncs", "--save"]),
    await step("Run one, and wait for its end:", ["run", "orders"]),
    await step("This one loses rows. The exit code is 1, so a scheduler sees it as well:", ["run", "refunds"], 1),
    await step("Why, and what to do about it?", ["why", "refunds"], 1),
    await step("What ran lately, also what others started:", ["runs"]),
  ]
  const page = [
    "# The first run",
    "",
    "From an empty folder to a run that is explained. [The command line](./cli.md) says how to install `openretl`, and",
    "[Tokens and ids](./tokens-and-ids.md) where to get a token. The test `packages/cli/test/story.test.ts` runs these commands against",
    "an emulator, and writes this page.",
    "",
    "To follow it without an account, leave out `init`: `openretl emulate rudderstack` in another terminal serves an account, writes",
    "`openretl.json` with its syncs, and prints the token to export. Its syncs have other names, and lose no rows.",
    "",
    steps.join("\n"),
  ].join("\n")
  await expect(page).toMatchFileSnapshot("../../../docs/first-run.md")
})

const commands = [
  "init",
  "doctor",
  "demo",
  "emulate",
  "syncs",
  "runs",
  "show",
  "why",
  "fresh",
  "run",
  "run-all",
  "ensure",
  "trigger",
  "wait",
  "cancel",
  "resume",
  "pending",
  "resolve",
  "settle",
]

describe("docs/commands.md", () => {
  it("has the help of every command", { timeout: 120_000 }, async (test) => {
    const cwd = await emptyFolder(test)
    const all = await run(test, ["--help"], { cwd })
    const listed = Array.from(all.out.matchAll(/^ {2}([a-z][a-z-]*) {2,}/gm), ([, name]) => name)
    for (const name of listed) expect(commands).toContain(name)
    const sections: Array<string> = [`${fence}\n${all.out.trimEnd()}\n${fence}\n`]
    for (const name of commands) {
      const { exit, out, err } = await run(test, [name, "--help"], { cwd })
      expect({ exit, err }).toEqual({ exit: 0, err: "" })
      sections.push(`## ${name}\n\n${fence}\n${out.trimEnd()}\n${fence}\n`)
    }
    const page = [
      "# Commands",
      "",
      "What `openretl --help` prints. A test writes this page.",
      "",
      sections.join("\n"),
    ].join("\n")
    await expect(page).toMatchFileSnapshot("../../../docs/commands.md")
  })
})
