/**
 * A process that runs commands one after the other, each as if it had a process of its own: the program is evaluated anew, over
 * modules that are loaded and compiled once. Its order is a command line, its answer what the command printed and its exit code.
 */
import { Console } from "node:console"
import process from "node:process"
import { Writable } from "node:stream"
import { ProcessState } from "../../../core/src/journal/ProcessState.ts"

export interface Order {
  readonly args: ReadonlyArray<string>
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface Answer {
  readonly exit: number
  readonly out: string
  readonly err: string
}

/** A stream that no terminal has, and what was written to it. */
const recorded = () => {
  let text = ""
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      text += String(chunk)
      done()
    },
  })
  return { stream, text: () => text }
}

/** What `process.exit` throws in the place of ending this process. */
const ended = new Error("the command has ended")

/** Where Effect keeps what a reference is by default. */
const defaultValue = "~effect/Context/defaultValue"

const leave = process.exit.bind(process)

let count = 0

const run = async ({ args, cwd, env }: Order): Promise<Answer> => {
  const [out, err] = [recorded(), recorded()]
  const answer = Promise.withResolvers<number>()
  process.chdir(cwd)
  process.env = { ...env }
  process.argv = [process.execPath, "openretl", ...args]
  process.exitCode = undefined
  Object.defineProperty(process, "stdout", { value: out.stream, configurable: true })
  Object.defineProperty(process, "stderr", { value: err.stream, configurable: true })
  globalThis.console = new Console(out.stream, err.stream)
  // A process has its own state: its journal in memory, and what it knows of its rate limits.
  Reflect.deleteProperty(ProcessState, defaultValue)
  process.exit = (code) => {
    answer.resolve(Number(code ?? process.exitCode ?? 0))
    throw ended
  }
  import(new URL(`./main.js?${count++}`, import.meta.url).href).catch((error) => {
    if (error !== ended) answer.reject(error)
  })
  const exit = await answer.promise
  for (const event of ["SIGHUP", "SIGINT", "SIGTERM", "uncaughtException", "exit"]) process.removeAllListeners(event)
  return { exit, out: out.text(), err: err.text() }
}

process.on("disconnect", () => leave())
process.on("message", (order: Order) => void run(order).then((answer) => process.send?.(answer)))
