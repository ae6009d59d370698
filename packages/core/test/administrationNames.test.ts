import { describe, expect, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import type { AdministrationPart } from "../src/driver/Administration.ts"
import * as Input from "../src/engine/configuration/input.ts"
import type { FieldIssue } from "../src/model/FieldIssue.ts"

const Spec = Schema.Struct({ model: Schema.String })

const partWith = (names: AdministrationPart<never, never, never, never>["names"]) =>
  ({
    schedules: { vendor: "Acme" },
    ...(names !== undefined && { names }),
    spec: Spec,
    changedSpec: Spec,
  }) as const

/** Returns the paths of what is wrong with a new sync, and of what is wrong with the same change. */
const wrongPaths = (names: Parameters<typeof partWith>[0], name: string | undefined, spec: object) => {
  const input = { ...(name !== undefined && { name }), part: { vendor: "acme", spec } }
  const part = { ...partWith(names), ...unused }
  return [pathsOf(Input.newSync(input, "acme", part)), pathsOf(Input.syncChange(input, "acme", part))]
}

const pathsOf = (decoded: Result.Result<unknown, ReadonlyArray<FieldIssue>>) =>
  Result.isSuccess(decoded) ? [] : decoded.failure.map(({ path }) => path.join("."))

const unused = {
  ends: () => expect.unreachable(),
  endsOf: () => expect.unreachable(),
  listCandidates: () => expect.unreachable(),
  matches: () => expect.unreachable(),
  update: () => expect.unreachable(),
  isShown: () => expect.unreachable(),
}

describe("a vendor whose syncs", () => {
  it.each([
    [undefined, "Orders", [], []],
    [undefined, undefined, [], []],
    ["optional", undefined, [], []],
    ["required", "Orders", [], []],
    ["required", undefined, ["name"], []],
    ["required", " ", ["name"], ["name"]],
    ["none", undefined, [], []],
    ["none", "Orders", ["name"], ["name"]],
  ] as const)(
    "have names %s: the name %j is wrong at %j of a new sync, and at %j of a change",
    (names, name, ...paths) => {
      expect(wrongPaths(names, name, { model: "m" })).toEqual(paths)
    },
  )

  it("H6: need names: what is no definition at all has one problem", () => {
    expect(pathsOf(Input.newSync(null, "acme", { ...partWith("required"), ...unused }))).toEqual([""])
  })

  it("H6: have more rules: these are about a change whose spec is right", () => {
    const changeIssues = () => [{ path: ["part", "spec", "more"], message: "Expected more" }]
    const part = { ...partWith("optional"), ...unused, changeIssues }
    const pathsFor = (spec: object) => pathsOf(Input.syncChange({ part: { vendor: "acme", spec } }, "acme", part))
    expect([pathsFor({}), pathsFor({ model: "m" })]).toEqual([["part.spec.model"], ["part.spec.more"]])
  })

  it("H6: have no names reports a name along with a wrong spec", () => {
    const paths = ["name", "part.spec.model"]
    expect(wrongPaths("none", "Orders", {})).toEqual([paths, paths])
  })
})
