/** The processes of the suite. */
import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Program } from "../JournalHarness.ts"
import type { CrashPoint } from "./course.ts"
import type { Inputs, JobName, Results } from "./jobs.ts"
import type { Order, Report } from "./messages.ts"

/** A process of the suite did not do its work. */
class ProcessFailed extends Data.TaggedError("ProcessFailed")<{ readonly message: string }> {}

const failed = (cause: unknown): ProcessFailed =>
  new ProcessFailed({ message: cause instanceof Error ? cause.message : String(cause) })

/** The sources import packages by the condition of the workspace, what is published does not. */
const isSource = import.meta.url.endsWith(".ts")

const workerFile = fileURLToPath(new URL(isSource ? "./worker.ts" : "./worker.js", import.meta.url))

const spawnWorker = (): ChildProcess =>
  fork(workerFile, [], {
    execArgv: isSource ? ["--conditions=@openretl/source"] : [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  })

const idleWorkers: Array<ChildProcess> = []

const takeWorker = (): ChildProcess => {
  const worker = idleWorkers.pop() ?? spawnWorker()
  worker.ref()
  worker.channel?.ref()
  return worker
}

/** Idle workers do not keep the tests from ending; they end with the suite's process. */
const giveBack = (worker: ChildProcess): void => {
  worker.unref()
  worker.channel?.unref()
  idleWorkers.push(worker)
}

/** Runs a program with processes of the suite. Kills them where it fails or is interrupted. */
const withWorkers = <A>(
  count: number,
  end: "reused" | "killed",
  use: (workers: ReadonlyArray<ChildProcess>) => Promise<A>,
): Effect.Effect<A, ProcessFailed> =>
  Effect.acquireUseRelease(
    Effect.sync(() => Array.from({ length: count }, takeWorker)),
    (workers) => Effect.tryPromise({ try: () => use(workers), catch: failed }),
    (workers, exit) =>
      Effect.sync(() => {
        for (const worker of workers) {
          if (Exit.isSuccess(exit) && end === "reused") giveBack(worker)
          else worker.kill("SIGKILL")
        }
      }),
  )

/** Waits for the next report. */
const nextReport = (worker: ChildProcess): Promise<Report> =>
  new Promise((resolve, reject) => {
    const onMessage = (report: Report) => {
      worker.off("disconnect", onDisconnect)
      resolve(report)
    }
    const onDisconnect = () => {
      worker.off("message", onMessage)
      reject(new Error("a process of the suite ended before it reported"))
    }
    worker.once("message", onMessage).once("disconnect", onDisconnect)
    if (!worker.connected) onDisconnect()
  })

const prepare = async (worker: ChildProcess, program: Program, work: Extract<Order, { _tag: "Prepare" }>["work"]) => {
  worker.send({ _tag: "Prepare", module: program.module.href, data: program.data, work } satisfies Order)
  return await nextReport(worker)
}

const start: Order = { _tag: "Start" }

/** Runs a job in a process for each participant, which all begin at once. */
export const race = <Name extends JobName>(
  program: Program,
  name: Name,
  input: Inputs[Name],
  participants: ReadonlyArray<string>,
): Effect.Effect<ReadonlyArray<Results[Name]>, ProcessFailed> =>
  withWorkers(participants.length, "reused", async (workers) => {
    await Promise.all(
      participants.map(async (participant, index) => {
        const worker = workers[index]
        if (worker !== undefined) await prepare(worker, program, { _tag: "Job", name, input, participant })
      }),
    )
    return await Promise.all(
      workers.map(async (worker) => {
        const report = nextReport(worker)
        worker.send(start)
        const ended = await report
        if (ended._tag !== "Result") throw new Error(ended._tag === "Failed" ? ended.cause : "no result")
        return ended.result as Results[Name]
      }),
    )
  })

/** Runs the course in a process that is killed on the way. Returns the steps that had ended by then. */
export const kill = (program: Program, killAt: CrashPoint): Effect.Effect<ReadonlyArray<string>, ProcessFailed> =>
  withWorkers(1, "killed", async ([worker]) => {
    if (worker === undefined) return []
    await prepare(worker, program, { _tag: "Course", killAt })
    return await new Promise<ReadonlyArray<string>>((resolve, reject) => {
      const done: Array<string> = []
      worker.on("message", (report: Report) => {
        if (report._tag === "Done") return void done.push(report.step)
        reject(new Error(report._tag === "Failed" ? report.cause : "the process was not killed"))
      })
      // The channel may still have messages when the process has ended.
      worker.once("disconnect", () => resolve(done))
      worker.send(start)
    })
  })
