/** Starts programs as processes, as a scheduler or a machine would. */
import { spawn } from "node:child_process"
import { Readable } from "node:stream"
import { fileURLToPath } from "node:url"
import { Effect, type Scope, Stream } from "effect"

/** A process that runs. */
export interface Started {
  /** The lines that it prints, without log lines. */
  readonly lines: Stream.Stream<string, Error>
  /** Ends it at once, as the kernel does when memory runs out. Returns when it has ended. */
  readonly kill: Effect.Effect<void>
}

/** Starts a program of the examples. It is killed when the scope closes. */
export const start = (
  file: URL | string,
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>,
): Effect.Effect<Started, never, Scope.Scope> =>
  Effect.gen(function* () {
    const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(file), ...args], {
      env: { ...process.env, ...env },
      // A server ends when the channel to this process does.
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    })
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()))
    const kill = Effect.promise(() => {
      child.kill("SIGKILL")
      return ended
    })
    yield* Effect.addFinalizer(() => kill)
    const output: AsyncIterable<Uint8Array> = child.stdout ?? Readable.from([])
    const bytes = Stream.fromAsyncIterable(output, (cause) => new Error("the process cannot be read", { cause }))
    return { lines: bytes.pipe(Stream.decodeText, Stream.splitLines, Stream.filter(isNoLogLine())), kill }
  })

/** Returns what tells other lines from log lines, which Effect's default logger writes to standard output too. */
const isNoLogLine = () => {
  let isWithin = false
  return (line: string): boolean => {
    const isFirst = /^\[[\d:.]+\] \w+ \(#\d+\): /.test(line)
    const isLog = isFirst || isWithin
    isWithin = isFirst ? line.endsWith("{") : isWithin && line !== "}"
    return !isLog
  }
}

/** Runs a program to its end, and returns what it printed. */
export const run = (...parameters: Parameters<typeof start>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { lines } = yield* start(...parameters)
      return (yield* Stream.runCollect(lines)).join("\n")
    }),
  )
