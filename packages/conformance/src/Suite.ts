/**
 * The suite that every adapter passes.
 *
 * Each law in force whose effect can be seen from outside is a test. The first ones are *contact*: each operation works at
 * all. Where one of them fails, its message names each operation with its error, and the others are skipped. A law that the
 * workspace's capabilities rule out is skipped, with the reason in the report.
 */
import type { Switches } from "@openretl/emulator/Switch"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as TestClock from "effect/testing/TestClock"
import { afterAll, describe, it } from "vitest"
import type { Harness, VendorEmulator } from "./Harness.ts"
import type { Law } from "./Law.ts"
import * as Laws from "./Laws.ts"
import { isContact } from "./laws/contact.ts"
import * as Report from "./Report.ts"
import * as Gate from "./testbed/gate.ts"
import { verify } from "./Verify.ts"

/** Which laws to run, and what to do with the report. */
export interface Options {
  /** Whether to run a law: while you write an adapter, those that you are at. @default all laws */
  readonly only?: (law: Law) => boolean
  /** Called after the last law, with what became of each: `Report.toText` and `Report.toJson` print it. @default nothing */
  readonly onReport?: (report: Report.Report) => void | Promise<void>
}

/** Registers the suite's tests of one adapter with vitest. Call it once, at the top of a test file. */
export const suite = <S extends Switches, E extends VendorEmulator>(
  harness: Harness<S, E>,
  { only = () => true, onReport }: Options = {},
): void => {
  describe(`${harness.name} conforms`, () => {
    const gate = Gate.make(harness)
    const entries: Array<Report.Entry> = []
    let isContactShown = false
    if (onReport !== undefined) afterAll(() => onReport(Report.make(harness.name, entries)))
    for (const law of Laws.of(harness.switches).filter(only)) {
      it(
        `${law.ids}: ${law.title}`,
        async (context) => {
          if (isContact(law)) isContactShown = true
          const closed = await gate.closedBy(law)
          if (closed !== undefined) {
            entries.push({ ids: law.ids, title: law.title, state: "skipped", why: closed.reason })
            // Where nothing has shown the contact, as with `-t`, a skip would hide that it fails.
            if (!isContactShown) throw closed.error
            context.skip(closed.reason)
          }
          const onVirtualTime = Effect.provide(verify(harness, law), TestClock.layer())
          const end = await Effect.runPromiseExit(onVirtualTime, { signal: context.signal })
          const entry = Report.entryOf(law, end)
          entries.push(entry)
          if (Exit.isFailure(end)) await Effect.runPromise(end)
          if (entry.state === "skipped") context.skip(entry.why ?? "")
        },
        timeout,
      )
    }
  })
}

/** Milliseconds of real time. A law takes less than a second; the rest is for a busy machine. */
const timeout = 60_000
