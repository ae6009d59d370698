/** How much memory is in use once everything that can go is gone. */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

setFlagsFromString("--expose-gc")
const collect: () => void = runInNewContext("gc")

/** Bytes. */
export const heap = (): number => {
  // The second pass takes what finalizers of the first have let go.
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

export const megabyte = 1_048_576
