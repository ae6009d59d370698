/** The programs of the page about orchestrators, which start the command line as a process. Airflow and Dagster are stood in for. */
import { execFile } from "node:child_process"
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { promisify } from "node:util"
import * as Fault from "@openretl/emulator/Fault"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { type Account, open } from "./support/account.ts"
import { program, type Test } from "./support/program.ts"

const programs = join(import.meta.dirname, "../../../docs/programs")

const read = (name: string) => readFile(join(programs, name), "utf8")

const execute = promisify(execFile)

const hasPython = await execute("python3", ["--version"]).then(
  () => true,
  () => false,
)

const script = async (path: string, text: string) => {
  await writeFile(path, `#!/bin/sh\n${text}\n`)
  await chmod(path, 0o755)
}

/** An account with a few syncs, and with `openretl` where npm installs it: on no path, so that only `npx` finds it by its name. */
const openFolder = async (test: Test, ...syncs: ReadonlyArray<string>) => {
  const account = await open(test)
  const { document, cwd } = account
  await account.write({
    ...document,
    syncs: Object.fromEntries(Object.entries(document.syncs).filter(([name]) => syncs.includes(name))),
  })
  const installed = join(cwd, "node_modules/.bin")
  await mkdir(installed, { recursive: true })
  await script(join(installed, "openretl"), `exec "${process.execPath}" "${await program()}" "$@"`)
  await script(join(cwd, "npx"), `PATH="${installed}:$PATH" exec "$@"`)
  await script(join(cwd, "date"), "echo 2026-11-28")
  await script(join(cwd, "alert"), 'cat "$1" > alerts')
  await writeFile(join(cwd, "tokens"), "")
  return account
}

/** Runs a command in the folder of an account. Returns its exit code and what it printed. */
const runIn = async ({ cwd, env }: Account, command: string, ...args: ReadonlyArray<string>) => {
  const { CI: _, ...inherited } = process.env
  const environment = { ...inherited, ...env, PATH: `${cwd}:${inherited["PATH"]}` }
  return execute(command, args, { cwd, env: environment }).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { readonly code: unknown; readonly stdout: string }) => ({ code: error.code, out: error.stdout }),
  )
}

const runsOf = ({ rudderstack, ids }: Account, name: string) =>
  Effect.runPromise(Effect.map(rudderstack.runsOf(ids[name] ?? {}), (runs) => runs.length))

const alertsOf = ({ cwd }: Account) => readFile(join(cwd, "alerts"), "utf8").catch(() => undefined)

describe("crontab.sh", { timeout: 120_000 }, () => {
  const lineOf = async ({ cwd }: Account, word: string) => {
    const lines = (await read("crontab.sh")).split("\n").filter((line) => /^\d/.test(line))
    const line = lines.find((line) => line.includes(word)) ?? ""
    return line
      .replace(/^(?:\S+ ){5}/, "")
      .replaceAll("\\%", "%")
      .replace("/srv/retl", cwd)
  }

  it("T10: the nightly line starts no second run when it is started again", async (test) => {
    const account = await openFolder(test, "orders")
    const line = await lineOf(account, "run-all")
    expect((await runIn(account, "sh", "-c", line)).code).toBe(0)
    expect((await runIn(account, "sh", "-c", line)).code).toBe(0)
    expect(await runsOf(account, "orders")).toBe(1)
    expect(await alertsOf(account)).toBeUndefined()
  })

  it("an alert has the report of a night with lost rows", async (test) => {
    const account = await openFolder(test, "orders", "refunds")
    await runIn(account, "sh", "-c", await lineOf(account, "run-all"))
    expect(await alertsOf(account)).toContain("88 + 12 failed")
  })

  it("an alert says that the file of tokens is gone", async (test) => {
    const account = await openFolder(test, "orders")
    await rm(join(account.cwd, "tokens"))
    await runIn(account, "sh", "-c", await lineOf(account, "run-all"))
    expect(await alertsOf(account)).toContain("tokens")
  })

  it("alert.sh sends the report to the chat, and fails where the chat does not take it", async (test) => {
    const account = await openFolder(test, "orders", "refunds")
    const texts: Array<string> = []
    let status = 200
    const chat = createServer((request, response) => {
      void text(request).then((body) => {
        texts.push((JSON.parse(body) as { readonly text: string }).text)
        response.writeHead(status).end()
      })
    })
    await new Promise<void>((resolve) => chat.listen(0, "127.0.0.1", resolve))
    test.onTestFinished(() => void chat.close())
    const address = chat.address()
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`
    await writeFile(join(account.cwd, "chat-url"), `${url}\n`)
    await writeFile(join(account.cwd, "alert"), await read("alert.sh"))
    const line = await lineOf(account, "run-all")
    expect((await runIn(account, "sh", "-c", line)).code).toBe(0)
    expect(texts).toEqual([expect.stringMatching(/^nightly\.log\n[\s\S]*88 \+ 12 failed/)])
    status = 404
    expect((await runIn(account, "sh", "-c", line)).code).toBe(1)
  })

  it("an alert says which data are stale", async (test) => {
    const account = await openFolder(test, "orders")
    await runIn(account, "sh", "-c", await lineOf(account, "fresh"))
    expect(await alertsOf(account)).toContain("orders")
  })
})

it("github-actions.yml: T10: a job that is run again starts no second run", { timeout: 120_000 }, async (test) => {
  const account = await openFolder(test, "orders")
  const command = /- run: (npx openretl .*)/.exec(await read("github-actions.yml"))?.[1] ?? ""
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub Actions
  const shell = command.replace("${{ github.run_id }}", "4711")
  expect(shell).toContain("nightly/4711")
  expect((await runIn(account, "sh", "-c", shell)).code).toBe(0)
  expect((await runIn(account, "sh", "-c", shell)).code).toBe(0)
  expect(await runsOf(account, "orders")).toBe(1)
})

describe.skipIf(!hasPython)("in Python, where it is installed", { timeout: 120_000 }, () => {
  const harness = join(import.meta.dirname, "support/orchestrators.py")
  const inPython = async (account: Account, file: string, sync: string, occasion: string): Promise<unknown> => {
    const { out } = await runIn(account, "python3", harness, join(programs, file), account.cwd, sync, occasion)
    return JSON.parse(out)
  }

  it("airflow_nightly.py: T10: another try of a task starts no second run", async (test) => {
    const account = await openFolder(test, "orders")
    const again = () => inPython(account, "airflow_nightly.py", "orders", "scheduled__2026-11-28")
    expect(await again()).toMatchObject({ returned: { event: "end", exitCode: 0 } })
    expect(await again()).toMatchObject({ returned: { event: "end", exitCode: 0 } })
    expect(await runsOf(account, "orders")).toBe(1)
  })

  it("airflow_nightly.py: a run that lost rows fails for good, an outage is tried again", async (test) => {
    const account = await openFolder(test, "orders", "refunds")
    expect(await inPython(account, "airflow_nightly.py", "refunds", "manual__1")).toEqual({
      raised: "AirflowFailException",
      triesAgain: false,
    })
    const faults = Fault.gatewayPage("any", { times: Number.POSITIVE_INFINITY })
    await Effect.runPromise(account.rudderstack.addFaults(faults))
    expect(await inPython(account, "airflow_nightly.py", "orders", "manual__1")).toEqual({
      raised: "AirflowException",
      triesAgain: true,
    })
  })

  it("dagster_nightly.py: T10: a partition has one run, and its rows are metadata", async (test) => {
    const account = await openFolder(test, "orders")
    const again = () => inPython(account, "dagster_nightly.py", "orders", "2026-11-28")
    expect(await again()).toEqual({ returned: { rows: 1_200 } })
    expect(await again()).toEqual({ returned: { rows: 1_200 } })
    expect(await runsOf(account, "orders")).toBe(1)
    expect(await inPython(account, "dagster_nightly.py", "orders", "2026-11-29")).toEqual({ returned: { rows: 1_200 } })
    expect(await runsOf(account, "orders")).toBe(2)
  })
})
