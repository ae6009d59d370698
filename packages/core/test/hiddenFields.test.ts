/** Fields that no runtime prints by itself, and that are otherwise as others. */
import { inspect } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as Equal from "effect/Equal"
import { RunRef } from "../src/model/Ref.ts"
import { Run } from "../src/model/Run.ts"
import * as FakeDriver from "./support/fakeDriver.ts"

const runOf = (native: unknown, errorText = "a row: jane@example.com"): Run =>
  new Run({
    ref: new RunRef({ sync: FakeDriver.sync(), run: "r1" }),
    ...{ status: "failed", vendorStatus: "FAILED", rows: {}, errorText, native },
  })

/** A proxy of an object and of the objects in it, as frameworks make them. */
const deep = <A extends object>(object: A): A =>
  new Proxy(object, {
    get: (target, name, receiver) => {
      const value: unknown = Reflect.get(target, name, receiver)
      return typeof value === "object" && value !== null ? deep(value) : value
    },
  })

describe("hidden fields", () => {
  it("are read, spread, copied, inherited and compared as others", () => {
    const native = { id: 1 }
    const run = runOf(native)
    expect(run.native).toBe(native)
    expect({ ...run }).toMatchObject({ native, errorText: "a row: jane@example.com" })
    expect(Object.keys(run)).toEqual(expect.arrayContaining(["native", "errorText"]))
    expect(structuredClone({ ...run, ref: null }).native).toEqual(native)
    expect(Object.create(run).native).toBe(native)
    expect(new Proxy(run, {}).native).toBe(native)
    expect(deep(run).native).toEqual(native)
    expect(Equal.equals(run, runOf({ id: 1 }))).toBe(true)
    expect(Equal.equals(run, runOf({ id: 2 }))).toBe(false)
    expect(Equal.equals(run, runOf(native, "another"))).toBe(false)
  })

  it("are not printed, also where a class's own way of printing is left out", () => {
    expect(inspect(runOf({ row: "jane" }), { customInspect: false, depth: 9 })).not.toMatch(/jane/)
  })

  it("share their getters: with one each, engines give each object a layout of its own", () => {
    const getterOf = (run: Run) => Object.getOwnPropertyDescriptor(run, "native")?.get
    expect(getterOf(runOf({ id: 1 }))).toBeTypeOf("function")
    expect(getterOf(runOf({ id: 1 }))).toBe(getterOf(runOf({ id: 2 })))
  })
})
