import type { Law } from "@openretl/conformance/Law"
import * as Laws from "@openretl/conformance/Laws"
import { verify } from "@openretl/conformance/Verify"
import { RudderStackSwitches } from "@openretl/emulator"
import { Effect, Exit } from "effect"
import { TestClock } from "effect/testing"
import { describe, expect, it } from "vitest"
import { third } from "../../../scripts/forms.ts"
import { configurationMutants } from "./configurationMutants.ts"
import { type Mutant, mutants } from "./mutants.ts"
import { telemetryMutants } from "./telemetryMutants.ts"

const laws = Laws.of({ overlap: RudderStackSwitches.overlap, metrics: RudderStackSwitches.metricsWhileRunning })

/** Returns the first law with this id that the mutant breaks. */
const brokenLaw = async (id: string, harness: Mutant["harness"]): Promise<Law | undefined> => {
  for (const law of laws.filter(({ ids }) => ids.split(", ").includes(id))) {
    const exit = await Effect.runPromiseExit(Effect.provide(verify(harness, law), TestClock.layer()))
    if (Exit.isFailure(exit)) return law
  }
  return undefined
}

describe("the suite notices every mutant of a workspace", () => {
  it.each(third([...mutants, ...configurationMutants, ...telemetryMutants]))(
    "$law: a mutant that $behavior",
    { timeout: 60_000 },
    async ({ law, harness }) => {
      expect(await brokenLaw(law, harness)).toBeDefined()
    },
  )
})
