import type { Law } from "@openretl/conformance/Law"
import * as Laws from "@openretl/conformance/Laws"
import { verify } from "@openretl/conformance/Verify"
import * as AdminAdapter from "@openretl/core/driver/AdminAdapter"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { describe, expect, it } from "vitest"
import { firstOfEach } from "../../../scripts/forms.ts"
import * as Acme from "./acme.ts"
import * as AcmeConfiguration from "./acmeConfiguration.ts"
import { type AcmeHarness, harness, withScope } from "./mutants.ts"

/** The adapter without its administration. */
const adapter = AdminAdapter.make({
  ...Acme.parts,
  native: AcmeConfiguration.Connection,
  driver: (http: VendorClient.VendorClient) => {
    const { administration: _, ...driver } = AcmeConfiguration.driver(http)
    return driver
  },
})

const { administration: _, ...runsAlone } = harness

const withCatalog: Omit<AcmeHarness, "administration"> = {
  ...runsAlone,
  catalog: { workspace: (_, options) => adapter.workspace(withScope(options)) },
}

const all = Laws.of().filter(({ setup }) => setup.configuration !== undefined)
const verdictOf = (law: Law) => Effect.runPromise(Effect.provide(verify(withCatalog, law), TestClock.layer()))

describe("an adapter that reads configured syncs and changes none conforms", () => {
  const reading = all.filter(({ setup }) => setup.configuration === "read")

  it.each(firstOfEach(reading))("$ids: $title", { timeout: 60_000 }, async (law) => {
    expect(await verdictOf(law)).not.toHaveProperty("reason", "the adapter has no catalog")
  })

  it("a law about changes is skipped with the reason", async () => {
    const [law] = all.filter(({ setup }) => setup.configuration === "changed")
    expect(law && (await verdictOf(law))).toEqual({ _tag: "Skipped", reason: "the adapter has no administration" })
  })
})
