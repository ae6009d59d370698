/** The command line as its users install it: from an empty folder to a run that is explained, against a served emulator. */
import { spawn } from "node:child_process"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { run } from "../command.ts"

/** The commands, in this order. */
const session = (baseUrl: string): ReadonlyArray<ReadonlyArray<string>> => [
  ["--version"],
  ["init", "rudderstack", "--base-url", baseUrl],
  ["doctor"],
  ["syncs", "--save"],
  ["run", "orders"],
  ["why", "orders"],
  ["pending"],
]

/** Returns what is wrong with the commands of the installed packages. */
export const commandLineProblems = async (project: string): Promise<ReadonlyArray<string>> => {
  const bin = (name: string) => join(project, "node_modules", ".bin", name)
  const options = JSON.stringify({ plan: { duration: "1 milli" }, token: "t-1" })
  const emulator = spawn(
    bin("openretl-emulator"),
    ["rudderstack", "--syncs", "1", "--options", options, "--end-with-stdin"],
    { stdio: ["pipe", "pipe", "inherit"] },
  )
  try {
    const line = await new Promise<string>((resolve, reject) => {
      createInterface(emulator.stdout).once("line", resolve)
      emulator.once("exit", (code) => reject(new Error(`openretl-emulator ended with ${code}`)))
    })
    const { url }: { readonly url: string } = JSON.parse(line)
    const cwd = join(project, "empty")
    mkdirSync(cwd)
    for (const args of session(url)) {
      const { code, output } = await run([bin("openretl"), ...args], {
        cwd,
        env: { RUDDERSTACK_TOKEN: "t-1" },
        limit: 60,
      })
      if (code !== 0) return [`openretl ${args.join(" ")} ended with code ${code}\n${output.trim()}`]
    }
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  } finally {
    emulator.stdin.end()
  }
}
