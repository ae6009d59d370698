/** The processes of a crash test: an emulator, and workers that wait for orders. */
import { type ChildProcess, fork, spawn } from "node:child_process"
import type { Readable } from "node:stream"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as EffectScope from "effect/Scope"
import { bundledProgram } from "../../../scripts/bundles.ts"
import type { Order, Report } from "./messages.ts"
import type { Point } from "./points.ts"
import { pointPipe } from "./stops.ts"

/** A process did not do what it should. */
export class ProcessFailed extends Data.TaggedError("ProcessFailed")<{ readonly message: string }> {}

/** What a worker does, in order. */
export type WorkerEvent =
  | Report
  /** It stands at a point, and does nothing more. */
  | { readonly _tag: "Reached"; readonly point: Point }
  /** It has ended. */
  | { readonly _tag: "Gone" }

/** One worker. */
export interface Worker {
  readonly send: (order: Order) => void
  readonly events: Queue.Dequeue<WorkerEvent>
  readonly kill: () => void
}

/** The file of the worker as a bundle: it starts in a quarter of the time. */
export const bundledWorker: Effect.Effect<string> = Effect.promise(() => bundledProgram("packages/crash/src/worker.ts"))

/** Starts a worker, which loads its modules and waits. */
export const startWorker = Effect.fnUntraced(function* (file: string): Effect.fn.Return<Worker> {
  const events = yield* Queue.unbounded<WorkerEvent>()
  const child = fork(file, [], { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc", "pipe"] })
  const offer = (event: WorkerEvent) => Queue.offerUnsafe(events, event)
  child.on("message", (report: Report) => offer(report))
  child.once("exit", () => offer({ _tag: "Gone" }))
  const pipe = child.stdio[pointPipe] as Readable
  pipe.setEncoding("utf8").on("data", (text: string) => offer({ _tag: "Reached", point: text.trim() as Point }))
  pipe.on("error", () => {})
  return {
    events,
    send: (order) => {
      if (child.connected) child.send(order, () => {})
    },
    kill: () => child.kill("SIGKILL"),
  }
})

/** Opens the workspace of a worker, and waits until it is open. */
export const openWorker = Effect.fnUntraced(function* (
  worker: Worker,
  place: Omit<Extract<Order, { readonly _tag: "Open" }>, "_tag">,
): Effect.fn.Return<void, ProcessFailed> {
  worker.send({ _tag: "Open", ...place })
  const event = yield* Queue.take(worker.events)
  if (event._tag !== "Opened") return yield* new ProcessFailed({ message: `a worker did not open: ${event._tag}` })
})

const bundledEmulator = Effect.promise(() => bundledProgram("packages/emulator/src/internal/command/main.ts"))

/** What the emulator prints when it listens. */
export interface Announced {
  readonly url: string
  readonly token: string
  readonly syncs: ReadonlyArray<Readonly<Record<string, string>>>
}

/** Serves an emulator in a process of its own, until the scope closes. */
export const serveEmulator = (
  options: Readonly<Record<string, unknown>>,
): Effect.Effect<Announced, ProcessFailed, EffectScope.Scope> =>
  Effect.gen(function* () {
    const file = yield* bundledEmulator
    const args = [file, "rudderstack", "--end-with-stdin", "--options", JSON.stringify(options)]
    const child = yield* Effect.acquireRelease(
      Effect.sync(() => spawn("node", args, { stdio: ["pipe", "pipe", "inherit"] })),
      (child) => Effect.sync(() => child.kill("SIGKILL")),
    )
    return yield* firstLine(child)
  })

const firstLine = (child: ChildProcess): Effect.Effect<Announced, ProcessFailed> =>
  Effect.callback((resume) => {
    child.stdout?.setEncoding("utf8").once("data", (line: string) => resume(Effect.succeed(JSON.parse(line))))
    child.once("exit", () => resume(Effect.fail(new ProcessFailed({ message: "the emulator ended" }))))
  })
