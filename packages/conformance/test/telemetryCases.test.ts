/** Everything of the contract has a case that makes it come, and each case holds where nothing rules it out. */

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

describe("O1: at a vendor that can do everything, each case comes", () => {
  it.each(telemetryCases.map(({ law }) => law))("$title", async (law) => {
    const verdict = await Effect.runPromise(Effect.provide(verify(harness, law), TestClock.layer()))
    expect(verdict).toEqual({ _tag: "Kept" })
  })
})
