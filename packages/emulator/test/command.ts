/** The command `openretl-emulator`, as a process that ends with the test. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { Effect } from "effect"
import { bundledProgram } from "../../../scripts/bundles.ts"
import { isLong } from "../../../scripts/forms.ts"
import { root } from "../../../scripts/workspace.ts"

const source = "packages/emulator/src/internal/command/main.ts"

/** The long form starts the source. */
const main = isLong ? join(root, source) : await bundledProgram(source)

/** What the command prints when it listens. */
export interface Announced {
  readonly vendor: string
  readonly url: string
  readonly control: string
  readonly token: string
  readonly workspace: { readonly id: string; readonly name: string }
  readonly syncs: ReadonlyArray<Readonly<Record<string, string>>>
}

const spawnCommand = (args: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.sync(() => spawn(process.execPath, ["--conditions=@openretl/source", main, ...args])),
    (child) => Effect.sync(() => child.kill("SIGKILL")),
  )

const textOf = (stream: ChildProcess["stdout"]) => {
  let text = ""
  stream?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk
  })
  return () => text
}

/** Runs the command to its end. Returns its exit code and what it printed. */
export const runCommand = (args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const child = yield* spawnCommand(args)
    const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)]
    const [code] = yield* Effect.promise(() => once(child, "close"))
    return { code: code as number | null, stdout: stdout(), stderr: stderr() }
  }).pipe(Effect.scoped)

/** Starts the command. Returns what it prints when it listens, and its process. */
export const startCommand = (args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const child = yield* spawnCommand(args)
    const stderr = textOf(child.stderr)
    const [line] = yield* Effect.promise(() => Promise.race([once(child.stdout, "data"), once(child, "close")]))
    if (typeof line !== "object") return yield* Effect.die(new Error(stderr()))
    // Where several vendors are served, their lines may come together.
    return { ...(JSON.parse(String(line).split("\n")[0] ?? "") as Announced), child }
  })
