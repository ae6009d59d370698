import { describe, expect, it } from "@effect/vitest"
import * as Shared from "../src/engine/trigger/shared.ts"
import * as ProcessState from "../src/journal/ProcessState.ts"
import { RunRef } from "../src/model/Ref.ts"
import * as FakeDriver from "./support/fakeDriver.ts"

const run = new RunRef({ sync: FakeDriver.sync(), run: "r1" })

describe("what a process remembers of triggers", () => {
  it.each([
    ["runs that entries have", "claims", "e1"],
    ["syncs with their latest run", "recent", { order: 1, scope: undefined, run }],
    ["syncs with a run before which all have ended", "ended", "r1"],
  ] as const)("is ten thousand %s, the latest ones: its memory does not grow for months", (_, name, value) => {
    const remembered = Shared.of(ProcessState.isolated(), {})[name]
    const set = (key: string) => (remembered.set as (key: string, value: unknown) => void)(key, value)
    for (let number = 1; number <= 10_000; number++) set(`${number}`)
    expect(remembered.has("1")).toBe(true)
    set("10001")
    expect([remembered.has("1"), remembered.has("2"), remembered.has("10001")]).toEqual([false, true, true])
  })
})
