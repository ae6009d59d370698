/** What `Runs.run` takes besides its sync: the options of the trigger and of the wait. */
import * as Schema from "effect/Schema"
import * as Trigger from "./Trigger.ts"
import * as Wait from "./Wait.ts"

/** What `Runs.run` takes besides its sync. */
export const RunOptions = /* @__PURE__ */ Schema.Struct({
  ...Wait.Options.fields,
  ...Trigger.Options.fields,
  /** `skip` has no run to wait for: use `trigger` for it. */
  whenRunning: Schema.Literals(["fail", "adopt", "wait"]).annotateKey({
    messageMissingKey: 'Expected "fail" | "adopt" | "wait"',
  }),
})
export interface RunOptions extends Schema.Schema.Type<typeof RunOptions> {}
