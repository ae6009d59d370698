/** Why a program may not have ended: what the adapter cannot read at present, and what was answered last. */
import type { RunRef, SyncRef } from "@openretl/core/Ref"
import type { Service } from "@openretl/core/Runs"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import * as Exchanges from "./exchanges.ts"
import * as VirtualTime from "./virtualTime.ts"
import type { Wire } from "./wire.ts"

/** Returns the first line of an error, which says what failed and why. */
export const summaryOf = (error: unknown): string =>
  (error instanceof Error && error.message !== "" ? error.message : String(error)).split("\n")[0] ?? ""

/** Returns what each of these reads fails with, and the answer that it got. */
const failures = (wire: Wire, reads: ReadonlyArray<readonly [name: string, read: Effect.Effect<unknown, unknown>]>) =>
  Effect.forEach(reads, ([name, read]) =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(Effect.flatten(VirtualTime.drive(read, "10 minutes")))
      if (Exit.isSuccess(exit)) return []
      return [`${name} fails: ${summaryOf(Cause.squash(exit.cause))}`, ...Exchanges.last(wire.sent, 1)]
    }),
  )

/** Returns the problem of a program that is late, with what reads of the sync and its runs fail with now. */
export const explain = Effect.fnUntraced(function* (
  problem: string,
  {
    wire,
    runs,
    sync,
    refs,
  }: {
    readonly wire: Wire
    readonly runs: Service
    readonly sync: SyncRef
    /** The runs of the sync. */
    readonly refs: ReadonlyArray<RunRef>
  },
) {
  const before = Exchanges.last(wire.sent, 3)
  const unreadable = yield* failures(wire, [
    ["the list of runs", Stream.runDrain(Stream.take(runs.list(sync), 100))],
    ...refs.slice(-3).map((ref) => [`a read of run ${ref.run}`, runs.get(ref)] as const),
  ])
  return [
    problem,
    ...unreadable.flat().map((line) => `  ${line}`),
    "The last requests:",
    ...before.map((line) => `  ${line}`),
  ].join("\n")
})
