/** Stops the program early: on a signal, or when standard output can no longer be written. Runs go on at the vendor. */
import process from "node:process"

let code: number | undefined
let interrupt: (() => void) | undefined
const listeners = new Set<() => void>()

/** Returns the exit code of what has stopped the program; `undefined` where nothing has. */
export const exitCode = (): number | undefined => code

let isTold = false

/** Marks that standard output has said that the program was stopped. Returns whether it may say so now: once, and not where it is closed. */
export const markTold = (): boolean => {
  if (isTold || code === 141) return false
  isTold = true
  return true
}

/** Calls `listener` when the program is to stop. Returns a function that ends this. */
export const onSignal = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

const stop = (reason: number) => {
  // A second signal ends the process at once.
  if (code !== undefined || interrupt === undefined) process.exit(code ?? reason)
  code = reason
  for (const listener of listeners) listener()
  interrupt()
}

/** Listens for signals from now on; the first one calls `onStop`. */
export const listen = (onStop: () => void): void => {
  interrupt = onStop
  // The terminal was closed. What has been sent is still settled.
  process.on("SIGHUP", () => stop(129))
  process.on("SIGINT", () => stop(130))
  process.on("SIGTERM", () => stop(143))
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (code !== undefined) return
    // A reader that has gone wants nothing more; a full disk is worth a word.
    if (error.code !== "EPIPE")
      process.stderr.write(`Standard output cannot be written: ${error.code ?? "unknown error"}\n`)
    stop(141)
  })
  // What cannot be said there stops nothing: the exit code and standard output have the outcome.
  process.stderr.on("error", () => {})
}
