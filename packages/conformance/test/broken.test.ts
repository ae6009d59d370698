import * as Laws from "@openretl/conformance/Laws"
import { verify } from "@openretl/conformance/Verify"
import { RudderStackSwitches } from "@openretl/emulator"
import { Effect, Exit } from "effect"
import { TestClock } from "effect/testing"
import { describe, expect, it } from "vitest"
import { configurationMutants } from "./configurationMutants.ts"
import { mutants } from "./mutants.ts"

const laws = Laws.of({ overlap: RudderStackSwitches.overlap, metrics: RudderStackSwitches.metricsWhileRunning })

/** The laws that are about this and do not hold. */
const broken = async (id: string, harness: (typeof mutants)[number]["harness"]): Promise<ReadonlyArray<string>> => {
  const failed: Array<string> = []
  for (const law of laws.filter(({ ids }) => ids.split(", ").includes(id))) {
    const exit = await Effect.runPromiseExit(Effect.provide(verify(harness, law), TestClock.layer()))
    if (Exit.isFailure(exit)) failed.push(`${law.ids}: ${law.title}`)
  }
  return failed
}

describe("the suite can fail: a workspace that is broken in one way breaks the law about it", () => {
  it.each([...mutants, ...configurationMutants])(
    "$law: one that $what",
    { timeout: 60_000 },
    async ({ law, harness }) => {
      expect(await broken(law, harness)).not.toEqual([])
    },
  )
})
