const RudderStack = require("@openretl/rudderstack/RudderStack")
const { RetlError } = require("@openretl/core/RetlError")

const { url, token, connection } = JSON.parse(process.env.SUPPORT)

const main = async () => {
  const crm = await RudderStack.open({ name: "crm", region: "us", token, baseUrl: url, defaultScope: "incremental" })
  const { run, verdict } = await crm.run(crm.syncRef({ connection }), { whenRunning: "wait" })
  await crm.close()
  // A class that is loaded twice would not be itself.
  const bad = await RudderStack.open({ name: "crm", region: "us", token: "wrong", baseUrl: url, defaultScope: "full" })
  const error = await bad.check().catch((error) => error)
  await bad.close()
  console.log(error instanceof RetlError ? `${verdict}, ${run.rows.succeeded} rows` : `no RetlError: ${error}`)
}

void main()
