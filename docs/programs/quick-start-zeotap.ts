import * as Zeotap from "@openretl/zeotap/Zeotap"

const app = await Zeotap.open({
  name: "app",
  workspaceId: "660e8400-e29b-41d4-a716-446655440000",
  token: process.env["ZEOTAP_TOKEN"] ?? "",
})

try {
  const customers = app.syncRef({ sync: "550e8400-e29b-41d4-a716-446655440000" })
  const { run } = await app.run(customers, { whenRunning: "wait" })
  console.log(`${run.rows.succeeded} rows delivered by run ${run.ref}`)
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await app.close()
}
