/** The same as pipeline.test.mjs in CommonJS, as Jest runs it by default. */
const FakeRuns = require("@openretl/emulator/FakeRuns")

test("a run that loses rows is not accepted", async () => {
  const fake = FakeRuns.make({ workspace: "crm", vendor: "rudderstack" })
  const crm = await fake.open()
  const orders = crm.syncRef({ connection: "orders" })
  fake.script(orders, FakeRuns.success({ looks: 2 }))
  expect((await crm.run(orders, { whenRunning: "adopt" })).verdict).toBe("complete")
})
