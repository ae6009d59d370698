/** The options of `Runs.run`: those of its trigger and those of its wait. */
import * as Schema from "effect/Schema"
import * as Input from "./Input.ts"
import * as Trigger from "./Trigger.ts"
import * as Wait from "./Wait.ts"

/** The options of `Runs.run`: those of its trigger and those of its wait. */
export const RunOptions = /* @__PURE__ */ Schema.Struct({
  ...Wait.Options.fields,
  ...Trigger.Options.fields,
  /** As for a trigger, without `skip`: a skipped trigger has no run to wait for. It has no default. */
  whenRunning: Schema.Literals(["fail", "adopt", "wait"]).annotateKey({
    messageMissingKey: 'Expected "fail" | "adopt" | "wait"',
  }),
  /** As for a trigger, without `skip`. @default "trigger" */
  whenPaused: Input.optional(Schema.Literals(["trigger", "fail"])),
})
export interface RunOptions extends Schema.Schema.Type<typeof RunOptions> {}
