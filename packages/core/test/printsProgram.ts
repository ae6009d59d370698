/** Prints each error, as a program's `console.error` does; with an argument, throws one instead. */
import { errors, failure } from "./printed.ts"

if (process.argv.length > 2) throw failure
for (const [index, error] of errors.entries()) {
  if (index > 0) console.error("----")
  console.error(error)
}
