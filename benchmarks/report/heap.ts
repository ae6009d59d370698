/** Measures the heap after a garbage collection. */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

setFlagsFromString("--expose-gc")
const collect: () => void = runInNewContext("gc")

/** Collects garbage and returns the heap in use, in bytes. */
export const heapAfterCollection = (): number => {
  // The second collection frees what finalizers released during the first.
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

export const megabyte = 1_048_576
