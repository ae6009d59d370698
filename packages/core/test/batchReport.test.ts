import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect, Schema } from "effect"
import * as Reason from "../src/model/Reason.ts"
import { Report } from "../src/model/Report.ts"
import { jobs, make, wait } from "./support/batches.ts"
import * as FakeDriver from "./support/fakeDriver.ts"
import { within } from "./support/testbed.ts"

describe("the report", () => {
  const reported = Effect.gen(function* () {
    const { fakes, fleet } = yield* make()
    fakes.crm.onStart((now, id) =>
      id === "profiles"
        ? Effect.fail(FakeDriver.failure(new Reason.PermissionDenied(), "refused"))
        : Effect.succeed(fakes.crm.begin(id, now, id === "orders" ? { rows: { succeeded: 640, failed: 12 } } : {}).id),
    )
    const all = jobs("audiences", "orders", "profiles", "events")
    return yield* within("1 hour", fleet.runAll(all, { ...wait, key: "nightly/2026-11-28" }))
  })

  it.effect(
    "F7: its text has the counts, then what is not green with code, guidance and ref, then the green jobs",
    () =>
      Effect.gen(function* () {
        const text = String(yield* reported).replace(/(retl1\.run\.fake\.crm\.r\d)\.\w+/g, "$1.TIME")
        expect(text.split("\n")).toEqual([
          expect.stringMatching(/^nightly\/2026-11-28: 2 of 4 jobs are green, 1 partial, 1 not-run; \d+m( \d+s)?$/),
          expect.stringMatching(/^orders {5}partial {3}started +\d+m( \d+s)? {2}640 delivered, 12 failed$/),
          expect.stringMatching(/^ {2}retl\.outcome-partial: Repair the rows that failed; /),
          expect.stringMatching(/^ {2}run: retl1\.run\.fake\.crm\./),
          expect.stringMatching(/^profiles {3}not-run +\d+s$/),
          expect.stringMatching(/^ {2}retl\.permission-denied: Grant the token/),
          "  sync: retl1.sync.fake.crm.sync.profiles",
          expect.stringMatching(/^audiences {2}complete {2}started +\d+m( \d+s)? {2}10 delivered$/),
          expect.stringMatching(/^events {5}complete {2}started +\d+m( \d+s)? {2}10 delivered$/),
        ])
      }),
  )

  it.effect("F7: its JSON is decoded to the same report", () =>
    Effect.gen(function* () {
      const report = yield* reported
      const json = JSON.parse(JSON.stringify(report))
      expect(json).toMatchObject({
        format: "openretl.report/1",
        key: "nightly/2026-11-28",
        isGreen: false,
        counts: { jobs: 4, green: 2, byVerdict: { complete: 2, partial: 1, "not-run": 1 } },
      })
      expect(json.jobs[1]).toMatchObject({
        name: "orders",
        sync: "retl1.sync.fake.crm.sync.orders",
        verdict: "partial",
        duration: expect.any(Number),
        run: expect.stringMatching(/^retl1\.run\.fake\.crm\./),
      })
      const decoded = yield* Schema.decodeUnknownEffect(Report)(json)
      expect(JSON.stringify(decoded)).toBe(JSON.stringify(report))
      expect(DateTime.isDateTime(decoded.startedAt)).toBe(true)
    }),
  )
})
