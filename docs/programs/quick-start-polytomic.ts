import * as Polytomic from "@openretl/polytomic/Polytomic"

const crm = await Polytomic.open({
  name: "crm",
  token: process.env["POLYTOMIC_TOKEN"] ?? "",
  defaultScope: "incremental",
})

try {
  const users = crm.syncRef({ sync: "248df4b7-aa70-47b8-a036-33ac447e668d" })
  const { run } = await crm.run(users, { whenRunning: "wait" })
  console.log(`${run.rows.succeeded} rows delivered by run ${run.ref}`)
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await crm.close()
}
