import assert from "node:assert/strict"
import * as FakeRuns from "@openretl/emulator/FakeRuns"
import type * as RudderStack from "@openretl/rudderstack/RudderStack"

/** What is tested: it runs a sync, once more where the run failed, and returns a line for the log. */
const deliver = async (crm: Pick<RudderStack.OpenWorkspace, "run" | "syncRef">, connection: string) => {
  const orders = crm.syncRef({ connection })
  const run = () => crm.run(orders, { whenRunning: "adopt", deadline: "2 hours" })
  try {
    const { verdict } = await run().catch((error) =>
      error.code === "retl.outcome-failed" ? run() : Promise.reject(error),
    )
    return `${connection} is ${verdict}`
  } catch (error) {
    return `${connection}: ${Object(error).code}`
  }
}

const fake = FakeRuns.make({ workspace: "crm", vendor: "rudderstack" })
const crm = await fake.open()
const [orders, profiles] = ["orders", "profiles"].map((connection) => crm.syncRef({ connection }))
assert(orders && profiles)

// Nothing waits: a run is under way for as many looks as its script says.
fake.script(orders, FakeRuns.failure(), FakeRuns.success({ looks: 3 }))
assert.equal(await deliver(crm, "orders"), "orders is complete")
fake.assertTriggered(orders, 2)

// An answer that is lost starts no second run.
fake.script(profiles, FakeRuns.lost("started"), FakeRuns.refused("retl.permission-denied"))
assert.equal(await deliver(crm, "profiles"), "profiles is complete")
assert.equal(await deliver(crm, "profiles"), "profiles: retl.permission-denied")
fake.assertTriggered(profiles, 2)
console.log("all as expected")
