/**
 * What became of every law at one adapter: as text for people, with the reason of every skip, and as JSON for programs.
 *
 * `suite` passes it to its option `onReport`. `of` checks the laws without vitest.
 */
import type { Switches } from "@openretl/emulator/Switch"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as TestClock from "effect/testing/TestClock"
import type { Harness, VendorEmulator } from "./Harness.ts"
import type { Law } from "./Law.ts"
import * as Laws from "./Laws.ts"
import * as Gate from "./testbed/gate.ts"
import { verify } from "./Verify.ts"

/** What became of one law. */
export interface Entry {
  /** The ids of the laws of SPEC.md. */
  readonly ids: string
  /** What holds, as one claim. */
  readonly title: string
  /** `kept`: the law holds. `broken`: it does not. `skipped`: it does not apply, or a law of contact is broken. */
  readonly state: "kept" | "broken" | "skipped"
  /** The message of a broken law; the reason of a skipped one; absent for a law that is kept. */
  readonly why?: string
}

/** What became of the laws at one adapter. It is plain JSON. */
export interface Report {
  /** The vendor's name, as in the harness. */
  readonly adapter: string
  readonly kept: number
  readonly broken: number
  readonly skipped: number
  /** The laws in the order in which they were checked. */
  readonly laws: ReadonlyArray<Entry>
}

/** Counts the entries of an adapter. */
export const make = (adapter: string, laws: ReadonlyArray<Entry>): Report => {
  const count = (state: Entry["state"]) => laws.filter((law) => law.state === state).length
  return { adapter, kept: count("kept"), broken: count("broken"), skipped: count("skipped"), laws }
}

const indented = (text: string): string => text.split("\n").slice(0, 10).join("\n      ")

/** Returns a summary: the counts, each broken law with its message, and each reason of a skip with its laws. */
export const toText = ({ adapter, kept, broken, skipped, laws }: Report): string => {
  const reasons = Map.groupBy(
    laws.filter(({ state }) => state === "skipped"),
    ({ why = "" }) => why,
  )
  return [
    `${adapter}: ${kept} laws kept, ${broken} broken, ${skipped} skipped`,
    ...laws
      .filter(({ state }) => state === "broken")
      .map(({ ids, title, why = "" }) => `  broken: ${ids}: ${title}\n      ${indented(why)}`),
    ...Array.from(
      reasons,
      ([why, skippedLaws]) =>
        `  skipped, since ${why}: ${skippedLaws.length} (${[...new Set(skippedLaws.map(({ ids }) => ids))].join("; ")})`,
    ),
  ].join("\n")
}

/** Returns the report as JSON text, indented. */
export const toJson = (report: Report): string => `${JSON.stringify(report, undefined, 2)}\n`

/**
 * Checks the laws of an adapter one after the other, on virtual time, and reports all of them. It never fails.
 * @default only all laws
 */
export const of = <S extends Switches, E extends VendorEmulator>(
  harness: Harness<S, E>,
  options: { readonly only?: (law: Law) => boolean } = {},
): Effect.Effect<Report> =>
  Effect.gen(function* () {
    const gate = Gate.make(harness)
    const laws = Laws.of(harness.switches).filter(options.only ?? (() => true))
    const entries = yield* Effect.forEach(laws, (law) =>
      Effect.map(check(harness, gate, law), (end) => entryOf(law, end)),
    )
    return make(harness.name, entries)
  })

type End = Exit.Exit<{ readonly _tag: "Kept" } | { readonly _tag: "Skipped"; readonly reason: string }, unknown>

const check = <S extends Switches, E extends VendorEmulator>(
  harness: Harness<S, E>,
  gate: Gate.Gate,
  law: Law,
): Effect.Effect<End> =>
  Effect.gen(function* () {
    const closed = yield* Effect.promise(() => gate.closedBy(law))
    if (closed !== undefined) return Exit.succeed({ _tag: "Skipped" as const, reason: closed.reason })
    return yield* Effect.exit(Effect.provide(verify(harness, law), TestClock.layer()))
  })

/** Returns what became of a law that ended so. */
export const entryOf = ({ ids, title }: Law, end: End): Entry => {
  if (Exit.isFailure(end)) {
    const error = Cause.squash(end.cause)
    return { ids, title, state: "broken", why: error instanceof Error ? error.message : String(error) }
  }
  return end.value._tag === "Kept"
    ? { ids, title, state: "kept" }
    : { ids, title, state: "skipped", why: end.value.reason }
}
