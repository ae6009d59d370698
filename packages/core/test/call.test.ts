import { afterEach, describe, expect, it, vi } from "@effect/vitest"
import { Effect, Random, Schema } from "effect"
import * as Call from "../src/engine/trigger/call.ts"
import { Owner } from "../src/model/JournalEntry.ts"

const isOwner = Schema.is(Owner)

describe("who a call is", () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  const machine = (name: string) => ({ pid: 7, getBuiltinModule: () => ({ hostname: () => name }) })
  const without = { pid: 7, getBuiltinModule: () => undefined }

  it.each([
    ["without Node's process", undefined, { host: "unknown", pid: 0 }],
    ["without a module of the operating system", without, { host: "unknown", pid: 7 }],
    ["on a machine without a name", machine(""), { host: "unknown", pid: 7 }],
    ["on a machine with an overlong name", machine("h".repeat(300)), { host: "h".repeat(255), pid: 7 }],
  ] as const)("J8: a journal takes its name %s", (_, process, expected) => {
    vi.stubGlobal("process", process)
    const owner = Effect.runSync(Call.generateOwner)
    vi.unstubAllGlobals()
    expect(owner).toMatchObject(expected)
    expect(isOwner(owner)).toBe(true)
  })

  it("J8: an id has 32 digits, whatever the random numbers are", () => {
    const random = (value: number) => ({ nextIntUnsafe: () => value, nextDoubleUnsafe: () => value })
    const idOf = (value: number) => Effect.runSync(Effect.provideService(Call.generateId, Random.Random, random(value)))
    expect(idOf(0)).toBe("0".repeat(32))
    expect(idOf(1 - Number.EPSILON)).toMatch(/^f{7}[ef]f{7}[ef]f{7}[ef]f{7}[ef]$/)
  })
})
