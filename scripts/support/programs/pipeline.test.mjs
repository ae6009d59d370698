/** A unit test without a vendor, for vitest and for Jest: both have `test` and `expect`, here as globals. */
import * as FakeRuns from "@openretl/emulator/FakeRuns"

test("a run that loses rows is not accepted", async () => {
  const fake = FakeRuns.make({ workspace: "crm", vendor: "rudderstack" })
  const crm = await fake.open()
  const orders = crm.syncRef({ connection: "orders" })
  fake.script(orders, FakeRuns.success({ looks: 2 }), FakeRuns.failure())
  expect((await crm.run(orders, { whenRunning: "adopt" })).verdict).toBe("complete")
  await expect(crm.run(orders, { whenRunning: "adopt" })).rejects.toMatchObject({ code: "retl.outcome-failed" })
  fake.assertTriggered(orders, 2)
})
