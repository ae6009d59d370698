/** What every runtime of the support table does: runs a sync at an emulator, over HTTP, and returns what became of it. */
import * as RudderStack from "@openretl/rudderstack/RudderStack"

export const deliver = async ({ url, token, connection, journal }) => {
  const crm = await RudderStack.open({
    name: "crm",
    region: "us",
    token,
    baseUrl: url,
    defaultScope: "incremental",
    ...(journal && { journal }),
  })
  try {
    const key = journal && "support"
    const { run, verdict } = await crm.run(crm.syncRef({ connection }), {
      whenRunning: "wait",
      ...(key && { key }),
    })
    return `${verdict}, ${run.rows.succeeded} rows`
  } finally {
    await crm.close()
  }
}
