import { law } from "@openretl/conformance/Law"
import * as Report from "@openretl/conformance/Report"
import { verify } from "@openretl/conformance/Verify"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, it } from "vitest"
import { startRun } from "../src/laws/startRun.ts"
import { example, harnessOf } from "./harborText.ts"

/** Contact, one law that Harbor keeps, and one that it is skipped for. */
const few = {
  only: ({ title }: { readonly title: string }) =>
    /^contact|^the list of a sync that never ran|^a run covers the scope/.test(title),
}

const withoutWords = harnessOf(example.replace('  ["done", "succeeded"],\n', ""))

describe("a report", () => {
  it("has every law, and the reason of every skip, as text and JSON", { timeout: 60_000 }, async () => {
    const report = await Effect.runPromise(Report.of(harnessOf(example), few))
    expect(report).toMatchObject({ adapter: "Harbor", kept: 2, broken: 0, skipped: 2 })
    expect(JSON.parse(Report.toJson(report))).toEqual(report)
    expect(Report.toText(report).split("\n")).toEqual([
      "Harbor: 2 laws kept, 0 broken, 2 skipped",
      "  skipped, since the adapter has no catalog: 1 (P1)",
      "  skipped, since the vendor has no scopes: 1 (T6)",
    ])
  })

  it("has no other law where contact fails: one message, and the reason", { timeout: 60_000 }, async () => {
    const report = await Effect.runPromise(Report.of(withoutWords, few))
    expect(report).toMatchObject({ kept: 0, broken: 1, skipped: 3 })
    const text = Report.toText(report)
    expect(text).toContain('the vendor\'s word "done" of a run that succeeded has the status unknown')
    expect(text).toContain("skipped, since a first law fails: contact: each operation that runs syncs works at all: 2")
  })
})

it("a program that does not end names the answers that cannot be read", { timeout: 60_000 }, async () => {
  // Only the error of a failed run has another form than the schema says.
  const harness = harnessOf(
    example
      .replace(
        "error: Wire.object({ text: Wire.text, code: Wire.text }),",
        "error: Schema.NullOr(Schema.Struct({ text: Schema.Number })),",
      )
      .replaceAll("run.error?.text", "undefined")
      .replaceAll("run.error?.code", "undefined"),
  )
  const waits = law("W3", "a wait for a run that fails ends", {}, (testbed) =>
    Effect.flatMap(startRun(testbed, { ends: "failed" }), (ref) => testbed.run(testbed.runs.wait(ref))),
  )
  const end = await Effect.runPromiseExit(Effect.provide(verify(harness, waits), TestClock.layer()))
  const message = Exit.isFailure(end) ? String(Cause.squash(end.cause)) : expect.fail("the wait has ended")
  const [problem, ...lines] = message.split("\n").slice(0, 6)
  expect(problem).toContain("the program did not end within 15m of virtual time")
  expect(lines.join("\n")).toMatch(/the list of runs fails: .*runs\.0\.error\.text: Expected number/)
  expect(lines.join("\n")).toMatch(/GET \/v1\/syncs\/\d+\/runs\?.* -> 200 \{"runs"/)
})
