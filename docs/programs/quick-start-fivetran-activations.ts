import * as FivetranActivations from "@openretl/fivetran-activations/FivetranActivations"

const marketing = await FivetranActivations.open({
  name: "marketing",
  token: process.env["FIVETRAN_ACTIVATIONS_TOKEN"] ?? "",
  defaultScope: "incremental",
})

try {
  const customers = marketing.syncRef({ sync: "3167956" })
  const { run } = await marketing.run(customers, { whenRunning: "wait" })
  console.log(`${run.rows.succeeded} rows delivered by run ${run.ref}`)
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await marketing.close()
}
