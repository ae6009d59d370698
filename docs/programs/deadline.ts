import { OutcomeRejected, WaitDeadlineExceeded } from "@openretl/core/Wait"
import * as RudderStack from "@openretl/rudderstack/RudderStack"

const crm = await RudderStack.open({
  name: "crm",
  region: "us",
  token: process.env["RUDDERSTACK_TOKEN"] ?? "",
  defaultScope: "incremental",
})
const orders = crm.syncRef({ connection: "2C8Vk2wj8qkofy00YzJbvJOGeqa" })

try {
  const { run, verdict } = await crm.run(orders, { whenRunning: "wait", deadline: "2 hours" })
  console.log(`${verdict}: ${run.rows.succeeded} rows delivered by run ${run.ref}`)
} catch (error) {
  if (error instanceof OutcomeRejected) {
    console.error(`${error.verdict}: ${error.run.rows.failed} rows failed`)
  } else if (error instanceof WaitDeadlineExceeded) {
    // The run goes on at the vendor until somebody cancels it.
    const cancel = await crm.cancel(error.ref, { confirmWithin: "5 minutes" })
    console.error(`the run was late; its cancel: ${cancel._tag}`)
  } else {
    console.error(error)
  }
  process.exitCode = 1
} finally {
  await crm.close()
}
