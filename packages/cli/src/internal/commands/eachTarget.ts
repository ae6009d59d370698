/** One look at each of several syncs: a look that fails hides no other. */
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as ExitCode from "../../ExitCode.ts"
import type { Printer } from "../terminal/printer.ts"
import * as Failure from "./failure.ts"
import type { Target } from "./targets.ts"
import { endWith } from "./tasks.ts"

/** How many syncs are looked at at once; the rate limits of their vendors decide besides. */
const concurrency = 8

/** What the looks returned. */
export interface Looked<A> {
  /** The values of the looks that did not fail, in the order of the syncs. */
  readonly values: ReadonlyArray<A>
  readonly hasFailed: boolean
  /** Prints the failures, and ends the command with the exit code that counts: theirs, or one of `codes`. */
  readonly conclude: (codes: ReadonlyArray<ExitCode.Name>) => Effect.Effect<void, Failure.Ended>
}

/** Looks at each sync. */
export const eachTarget = <A>(
  printer: Printer,
  targets: ReadonlyArray<Target>,
  look: (target: Target) => Effect.Effect<A, RetlError>,
): Effect.Effect<Looked<A>> =>
  Effect.map(
    Effect.forEach(targets, (target) => Effect.result(look(target)), { concurrency }),
    (results) => ({
      hasFailed: results.some(Result.isFailure),
      values: results.flatMap((result) => (Result.isSuccess(result) ? [result.success] : [])),
      conclude: (codes) =>
        Effect.flatMap(
          Effect.forEach(results.filter(Result.isFailure), ({ failure }) => Failure.print(printer, failure)),
          (failed) => endWith(ExitCode.worst([...codes, ...failed])),
        ),
    }),
  )
