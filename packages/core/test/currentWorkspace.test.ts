/** Checking a token, and the workspace that it opens. */
import { describe, expect, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import { CurrentWorkspace } from "../src/CurrentWorkspace.ts"
import * as ProcessState from "../src/journal/ProcessState.ts"
import * as Workspace from "../src/Workspace.ts"
import * as FakeDriver from "./support/fakeDriver.ts"

const open = Effect.fnUntraced(function* (workspaceId: string | undefined, identity: string | undefined) {
  const fake = FakeDriver.make()
  const { services } = yield* Workspace.make(
    { name: "test", closeWithin: 0 },
    {
      ...fake.driver,
      ...(workspaceId !== undefined && { workspaceId }),
      check: () =>
        Effect.succeed({ ...(identity !== undefined && { identity: { id: identity } }), shown: "the token is valid" }),
    },
  ).pipe(Effect.provideService(ProcessState.ProcessState, ProcessState.isolated()))
  return Context.get(services, CurrentWorkspace)
})

describe("a check of the workspace", () => {
  it.effect("F4: a token that opens another workspace than the configured one is refused, and the other is named", () =>
    Effect.gen(function* () {
      const current = yield* open("w-1", "w-2")
      const error = yield* Effect.flip(current.check())
      expect(error).toMatchObject({ operation: "check", reason: { _tag: "InvalidRequest" } })
      expect(error.message).toContain('workspaceId: Expected the workspace that the token opens, "w-2"')
      // A check of a sync says nothing about the workspace.
      expect(yield* current.check(FakeDriver.sync())).toMatchObject({ shown: "the token is valid" })
    }),
  )

  it.effect("F4: the same workspace, one whose id is written in other letters, and none to compare are fine", () =>
    Effect.gen(function* () {
      const cases = [
        ["w-1", "w-1"],
        ["AB-1", "ab-1"],
        [undefined, "w-2"],
        ["w-1", undefined],
      ] as const
      for (const [configured, identity] of cases) {
        expect(yield* (yield* open(configured, identity)).check()).toMatchObject({ shown: "the token is valid" })
      }
    }),
  )
})
