import * as RudderStack from "@openretl/rudderstack/RudderStack"

await using crm = await RudderStack.open({
  name: "crm",
  region: "us",
  token: process.env["RUDDERSTACK_TOKEN"] ?? "",
  defaultScope: "incremental",
  hints: "expected",
})

/** What receives the webhook calls this. Nothing in it is believed: it only makes waits look now. */
const onWebhook = (connection: string): void => {
  crm.notice(crm.syncRef({ connection })).catch(console.error)
}

const connection = "2C8Vk2wj8qkofy00YzJbvJOGeqa"
const running = crm.run(crm.syncRef({ connection }), { whenRunning: "wait" })
setTimeout(onWebhook, 95_000, connection)

const { verdict } = await running
console.log(`${verdict}, seen after ${Math.round(performance.now() / 1_000)} s`)
