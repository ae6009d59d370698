/** Everything of the contract has a case that makes it come, and each case holds where nothing rules it out. */

import { readFileSync } from "node:fs"
import { verify } from "@openretl/conformance/Verify"
import * as Contract from "@openretl/core/Telemetry"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { describe, expect, it } from "vitest"
import { telemetryCases } from "../src/laws/telemetry.ts"
import { harness } from "./mutants.ts"

describe("O1: each entry of the contract has a case", () => {
  it("spans", () => {
    const shown = telemetryCases.flatMap(({ shown: { spans = [] } }) => spans)
    const listed = [...Object.keys(Contract.calls), ...Object.keys(Contract.parts), "request"]
    expect(new Set(shown)).toEqual(new Set(listed))
  })

  it("metrics", () => {
    const shown = telemetryCases.flatMap(({ shown: { metrics = {} } }) => Object.keys(metrics))
    expect(new Set(shown)).toEqual(new Set(Object.keys(Contract.metrics)))
  })
})

/** Log lines that only tests of one package make come: the test of each has its message. */
const elsewhere = {
  "A run takes much longer than the past runs of its sync": "core/test/waitHistory.test.ts",
  "A record of the journal cannot be decoded: it stops the triggers of its sync": "core/test/pending.test.ts",
  "An entry was concluded otherwise than the vendor's answer, which now stands": "core/test/settlingJournal.test.ts",
  "An earlier create may have happened: it is given up": "core/test/changesLeft.test.ts",
  "An earlier change of the sync may have happened: it is given up": "core/test/changesLeft.test.ts",
  "An earlier change of the sync took effect after a later one, which is sent again":
    "core/test/changesOvertaken.test.ts",
  "Another hand changed the sync while it was updated": "core/test/foreignChanges.test.ts",
  "CI is set, and this journal is a new file: if the runner is thrown away, the journal goes with it. Use PostgreSQL, or a disk that stays":
    "journal-sql/test/sqliteInCi.test.ts",
} as const satisfies { readonly [Line in Contract.Message]?: string }

describe("O1: each log line of the contract comes", () => {
  it("in a case, or in a test of one package", () => {
    const shown = telemetryCases.flatMap(({ shown: { lines = [] } }) => lines)
    expect(new Set([...shown, ...Object.keys(elsewhere)])).toEqual(new Set(Object.keys(Contract.lines)))
  })

  it.each(Object.entries(elsewhere))("%s: in %s", (message, path) => {
    const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")
    expect(text.includes(message)).toBe(true)
  })
})

describe("O1: at a vendor that can do everything, each case comes", () => {
  it.each(telemetryCases.map(({ law }) => law))("$title", async (law) => {
    const verdict = await Effect.runPromise(Effect.provide(verify(harness, law), TestClock.layer()))
    expect(verdict).toEqual({ _tag: "Kept" })
  })
})
