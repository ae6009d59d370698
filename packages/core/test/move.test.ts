import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import * as Move from "../src/Move.ts"
import { Run } from "../src/model/Run.ts"
import * as Schedule from "../src/model/schedule/Schedule.ts"
import { fake, fates, from, runOf, syncOf, target, to } from "./support/fakeFleet.ts"

describe("report", () => {
  const complete = syncOf(from, "enabled", {
    name: "Customers to CRM",
    mode: "events",
    primaryKey: ["customer_id"],
    mapping: [{ from: "email", to: "Email" }],
    unreadMapping: ["FullName"],
    maskedSettings: ["destination.settings.apiKey"],
    schedule: Schedule.cron("0 */6 * * *", "UTC"),
  })

  it("A5: the report has an item for every part of a sync", () => {
    const { items, schedule } = Move.report(complete, target)
    expect(items.map(({ field, fate }) => `${field} ${fate}`)).toEqual([
      "name carried",
      "connection.source yours",
      "connection.destination yours",
      "mode lost",
      "primaryKey carried",
      "mapping.Email carried",
      "mapping.FullName yours",
      "destination.settings.apiKey yours",
      "schedule carried",
      "state changed",
    ])
    expect(schedule).toMatchObject({ _tag: "Cron", expression: "0 */6 * * *" })
  })

  it("A5: what else decides which rows go where is an item, and what nothing compares is named", () => {
    const sync = syncOf(from, "paused", {
      unreadMapping: ["FullName", "Other"],
      vendorFields: [
        { field: "trigger", value: 'event = "new"' },
        { field: "mapping.FullName", value: '{"@template":"{{a}} {{b}}"}' },
      ],
      unreadFields: ["enrichments", "destination.settings"],
      native: { id: 1, trigger: "x" },
    })
    const itemsOf = (items: Move.Report["items"]) => items.map(({ field, fate, value }) => `${field} ${fate} ${value}`)
    const items = itemsOf(Move.report(sync, target).items)
    expect(items).toContain('trigger yours event = "new"')
    expect(items).toContain('mapping.FullName yours {"@template":"{{a}} {{b}}"}')
    expect(items).toContain("mapping.Other yours not one column")
    expect(items).toContain("other fields yours not compared: enrichments, destination.settings")
    expect(items.filter((item) => item.includes("FullName"))).toHaveLength(1)
    // An adapter that names no fields of its vendor has compared none.
    const silent = syncOf(from, "paused", { native: { id: 1, trigger: "x" } })
    expect(itemsOf(Move.report(silent, target).items)).toContain("other fields yours not compared: id, trigger")
  })

  it("A5: a schedule that the target cannot express is lost, and one that changes says what is lost", () => {
    const job = syncOf(from, "paused", { schedule: Schedule.job("dbt-cloud", { jobId: "1", accountId: "2" }) })
    const impossible = Move.report(job, target)
    expect(impossible.schedule).toBe(undefined)
    expect(impossible.items.find(({ field }) => field === "schedule")).toMatchObject({ fate: "lost" })
    const zoned = syncOf(from, "paused", { schedule: Schedule.cron("0 6 * * *", "Europe/Berlin") })
    const changed = Move.report(zoned, target)
    const item = changed.items.find(({ field }) => field === "schedule")
    expect(item?.fate).toBe("changed")
    expect(item?.note).toContain("Europe/Berlin")
    expect(changed.schedule).toBeDefined()
  })

  it("A5: a name, a cast and a composite key that the target lacks are reported", () => {
    const sync = syncOf(from, "paused", {
      name: "Orders",
      primaryKey: ["a", "b"],
      mapping: [{ from: "total", to: "Total", cast: "number" }],
      unreadSchedule: '{"strategy":"MOON"}',
    })
    const { items } = Move.report(sync, { ...target, hasNames: false, hasCasts: false })
    expect(items.map(({ field, fate }) => `${field} ${fate}`)).toEqual([
      "name lost",
      "connection.source yours",
      "connection.destination yours",
      "mode yours",
      "primaryKey lost",
      "mapping.Total changed",
      "schedule yours",
      "state carried",
    ])
  })
})

describe("sideBySide", () => {
  it("A5: counts are compared only where both vendors report them", () => {
    const comparison = Move.sideBySide(
      runOf("succeeded", { succeeded: 10, failed: 0 }),
      runOf("succeeded", { succeeded: 10 }),
    )
    expect(comparison).toEqual({
      counts: [
        { count: "succeeded", from: 10, to: 10, difference: 0 },
        { count: "failed", from: 0 },
      ],
      verdict: "same",
    })
    const partial = runOf("partial", { succeeded: 995, failed: 5 })
    const complete = runOf("succeeded", { succeeded: 1000, failed: 0 })
    expect(Move.sideBySide(complete, partial).verdict).toBe("different")
    expect(Move.sideBySide(complete, partial, { tolerance: 0.005 }).verdict).toBe("close")
    expect(Move.sideBySide(complete, runOf("succeeded", {})).verdict).toBe("unknown")
    expect(Move.sideBySide(complete, runOf("running", { succeeded: 1000 })).verdict).toBe("unknown")
  })
})

describe("switchOver", () => {
  it.effect("A5: `from` is paused before `to` is resumed, and the exchanged call switches back", () =>
    Effect.gen(function* () {
      const { fleet, writes, stateOf, bothEnabled } = fake({})
      const switched = yield* Move.switchOver(fleet, { from, to, whenRunning: "fail" })
      expect([switched.from.state, switched.to.state]).toEqual(["paused", "enabled"])
      expect(writes).toEqual(["old paused", "new enabled"])
      yield* Move.switchOver(fleet, { from: to, to: from, whenRunning: "fail" })
      expect([stateOf(from), stateOf(to)]).toEqual(["enabled", "paused"])
      expect(bothEnabled()).toBe(0)
    }),
  )

  it.effect("A5: no combination of lost and refused requests enables both, and errors report the true states", () =>
    Effect.gen(function* () {
      const combinations = fates.flatMap((first) =>
        fates.flatMap((second) =>
          fates.flatMap((third) =>
            fates.flatMap((fourth) =>
              [false, true].map((isUnreadable) => ({ fates: [first, second, third, fourth], isUnreadable })),
            ),
          ),
        ),
      )
      let switches = 0
      for (const options of combinations) {
        const { fleet, stateOf, bothEnabled } = fake(options)
        const result = yield* Effect.result(Move.switchOver(fleet, { from, to, whenRunning: "fail" }))
        const name = `${options.fates.join(", ")}${options.isUnreadable ? ", unreadable" : ""}`
        expect(bothEnabled(), name).toBe(0)
        if (result._tag === "Success") {
          switches++
          expect([stateOf(from), stateOf(to)], name).toEqual(["paused", "enabled"])
          continue
        }
        const { fromState, toState, isRolledBack } = result.failure
        if (fromState !== "unknown") expect(fromState, name).toBe(stateOf(from))
        if (toState !== "unknown") expect(toState, name).toBe(stateOf(to))
        if (isRolledBack) expect([stateOf(from), stateOf(to)], name).toEqual(["enabled", "paused"])
      }
      expect(switches).toBe(2 * fates.length ** 2)
    }),
  )

  it.effect.each(["enabled", "unknown"] as const)("A5: a target that is %s is refused before any change", (state) =>
    Effect.gen(function* () {
      const { fleet, writes } = fake({ to: state, from: "enabled" })
      const error = yield* Effect.flip(Move.switchOver(fleet, { from, to, whenRunning: "fail" }))
      expect(error).toMatchObject({ step: "look", isRolledBack: true, toState: state })
      expect(writes).toEqual([])
    }),
  )

  it.effect("A5: a source in error is paused first, and a target in error or switched on is refused", () =>
    Effect.gen(function* () {
      const sourceInError = fake({ from: "error" })
      yield* Move.switchOver(sourceInError.fleet, { from, to, whenRunning: "fail" })
      expect(sourceInError.writes).toEqual(["old paused", "new enabled"])
      const targetInError = fake({ to: "error" })
      expect(yield* Effect.flip(Move.switchOver(targetInError.fleet, { from, to, whenRunning: "fail" }))).toMatchObject(
        {
          step: "look",
          why: expect.stringContaining("found it error"),
        },
      )
      const switchedOn = fake({ isToSwitchedOn: true })
      expect(yield* Effect.flip(Move.switchOver(switchedOn.fleet, { from, to, whenRunning: "fail" }))).toMatchObject({
        step: "look",
        why: expect.stringContaining("found it switched on"),
      })
      expect([...targetInError.writes, ...switchedOn.writes]).toEqual([])
    }),
  )

  it.effect("A5: a target that is in error after its resume is paused again, and the source is resumed", () =>
    Effect.gen(function* () {
      const { fleet, writes, bothEnabled } = fake({ resumed: "error" })
      const error = yield* Effect.flip(Move.switchOver(fleet, { from, to, whenRunning: "fail" }))
      expect(error).toMatchObject({ step: "resume", isRolledBack: true, fromState: "enabled", toState: "paused" })
      expect(error.why).toContain("switched on, and its state is error")
      expect(writes).toEqual(["old paused", "new enabled", "new paused", "old enabled"])
      expect(bothEnabled()).toBe(0)
    }),
  )

  it.effect("A5: a run under way fails the switch before any change, or is waited for after the pause", () =>
    Effect.gen(function* () {
      const running = [runOf("running", {})]
      const strict = fake({ running })
      const error = yield* Effect.flip(Move.switchOver(strict.fleet, { from, to, whenRunning: "fail" }))
      expect(error).toMatchObject({ step: "look", isRolledBack: true })
      expect(error.underWay).toHaveLength(1)
      expect(strict.writes).toEqual([])
      const patient = fake({ running })
      yield* Move.switchOver(patient.fleet, { from, to, whenRunning: "wait" })
      expect(patient.writes).toEqual(["old paused", "new enabled"])
    }),
  )

  it.effect("A5: a run under way is found behind 150 others in a list that is oldest first", () =>
    Effect.gen(function* () {
      const ended = Array.from(
        { length: 150 },
        (_, index) => new Run({ ...runOf("succeeded", {}, `r${index}`), startedAt: DateTime.makeUnsafe(index + 1) }),
      )
      const last = new Run({ ...runOf("running", {}, "last"), startedAt: DateTime.makeUnsafe(1_000) })
      const { fleet, writes } = fake({ running: [...ended, last] })
      const error = yield* Effect.flip(Move.switchOver(fleet, { from, to, whenRunning: "fail" }))
      expect(error.underWay.map(({ run }) => run)).toEqual(["last"])
      expect(writes).toEqual([])
    }),
  )
})
