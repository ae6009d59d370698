/**
 * What a job does about its errors: rows that failed, a run that takes too long, a vendor that refuses.
 *
 * Run it with `npm run example errors`: `fetch` reaches an emulator in this process.
 */
import { RudderStackEmulator } from "@openretl/emulator"
import * as Fault from "@openretl/emulator/Fault"
import { handlers } from "@openretl/emulator/MswHandlers"
import { type Duration, Effect } from "effect"
import { setupServer } from "msw/node"

const emulator = await Effect.runPromise(RudderStackEmulator.make({ speed: 600 }))
const ids = await Effect.runPromise(emulator.addSync())
const { token } = emulator
setupServer(...handlers(emulator)).listen()

// #region errors
import type { SyncRef } from "@openretl/core/Ref"
import { RetlError } from "@openretl/core/RetlError"
import { OutcomeRejected, WaitDeadlineExceeded } from "@openretl/core/Wait"
import * as RudderStack from "@openretl/rudderstack/RudderStack"

const crm = await RudderStack.open({ name: "crm", region: "us", token, defaultScope: "incremental" })

/** Returns what the job reports. An error that it does not know stays an error. */
const report = async (sync: SyncRef, deadline: Duration.Input = "2 hours"): Promise<string> => {
  try {
    const { run } = await crm.run(sync, { whenRunning: "wait", deadline })
    return `${run.rows.succeeded} rows delivered`
  } catch (error) {
    if (error instanceof OutcomeRejected && error.verdict === "partial") {
      return `${error.run.rows.failed} rows failed: ${error.guidance}`
    }
    if (error instanceof WaitDeadlineExceeded) {
      await crm.cancel(error.ref)
      return `cancelled, too slow: ${error.ref}`
    }
    if (error instanceof RetlError && error.reason._tag === "PermissionDenied") {
      return `the token may not start this sync: ${error.guidance}`
    }
    throw error
  }
}
// #endregion

const sync = crm.syncRef({ connection: String(ids["connection"]) })

await Effect.runPromise(emulator.script(ids, [{ rows: { succeeded: 88, failed: 12 } }, { duration: "3 hours" }]))
console.log(await report(sync))
console.log(await report(sync, "2 seconds"))
await Effect.runPromise(
  emulator.addFaults(Fault.respond("start", { status: 403, body: `{"message":"no permission"}`, commits: false })),
)
console.log(await report(sync))

await Effect.runPromise(emulator.script(ids, [{ ends: "failed", error: { text: "no table ada@example.com" } }]))
await report(sync).catch(console.log)
await crm.close()
