/** The fence of a trigger: the runs of its sync right before the request. A run that appears later is past it. */
import * as Schema from "effect/Schema"
import * as Input from "./Input.ts"
import { Time } from "./Time.ts"

/** The runs of a sync right before the request. All times are the vendor's; local clocks never enter. */
export const Fence = /* @__PURE__ */ Schema.Struct({
  /** The ids of the listed runs. */
  runs: Schema.Array(Schema.String),
  /** The newest start that the vendor reported. */
  newest: Input.nullable(Time),
  /** The vendor's clock when the list was read. */
  asOf: Input.nullable(Time),
  /**
   * Whether the list was read to its end, or showed itself newest first. Core adopts no run past an incomplete fence, and
   * proves no absence with one.
   */
  complete: Schema.Boolean,
})
export interface Fence extends Schema.Schema.Type<typeof Fence> {}
