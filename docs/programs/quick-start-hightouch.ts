import * as Hightouch from "@openretl/hightouch/Hightouch"

const marketing = await Hightouch.open({
  name: "marketing",
  token: process.env["HIGHTOUCH_TOKEN"] ?? "",
  defaultScope: "incremental",
})

try {
  const customers = marketing.syncRef({ sync: "482915" })
  const { run } = await marketing.run(customers, { whenRunning: "wait" })
  console.log(`${run.rows.succeeded} rows delivered by run ${run.ref}`)
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await marketing.close()
}
