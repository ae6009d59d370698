/** One look at a run, which never sleeps: its options, what it returns, and the memory that the next look goes on with. */
import * as Schema from "effect/Schema"
import * as Input from "./Input.ts"
import { Finished } from "./Outcome.ts"
import { RunRef } from "./Ref.ts"
import { RetlError } from "./RetlError.ts"
import { Rows, Run, Status } from "./Run.ts"
import { Time } from "./Time.ts"
import * as Wait from "./Wait.ts"

/** The edition of memories that this version writes. One of another edition counts as none. */
export const edition = 1

const Millis = /* @__PURE__ */ Schema.Number.check(
  /* @__PURE__ */ Schema.makeFilter((value: number) => Number.isSafeInteger(value) && Math.abs(value) <= 8.64e15, {
    expected: "a time in epoch milliseconds",
  }),
)

const Count = /* @__PURE__ */ Input.wholeNumber(0, 1_000_000)

/**
 * What a look leaves for the next: a small JSON value, to be stored as it is. All times are epoch milliseconds. It holds no
 * token, no row and no text of the vendor but the word for the status.
 */
export const Memory = /* @__PURE__ */ (() =>
  Schema.Struct({
    edition: Schema.Literal(edition),
    /** Which run it is: vendor, address, ids of the sync, and id of the run. */
    run: Schema.String,
    /** When the run was accepted or first looked at. */
    since: Millis,
    /** The run as it was last seen, and when. */
    seen: Schema.optionalKey(
      Schema.Struct({
        at: Millis,
        status: Status,
        vendorStatus: Schema.String,
        startedAt: Schema.optionalKey(Millis),
        rows: Rows,
      }),
    ),
    /** How many looks in a row have failed, and since when. */
    failures: Count,
    troubleSince: Schema.optionalKey(Millis),
    /** How many looks in a row have not shown the run. */
    missing: Count,
    /** Since when the run has a status word that no table lists. */
    unknownSince: Schema.optionalKey(Millis),
    /** When a look first showed that the run has ended. */
    endedSince: Schema.optionalKey(Millis),
    /** How long past runs of the sync took, in seconds, shortest first; absent where no list was read. */
    lengths: Schema.optionalKey(Schema.Array(Input.wholeNumber(1)).check(Schema.isMaxLength(20))),
    /** Whether the run takes much longer than past runs. */
    slow: Schema.Boolean,
  }))()
export interface Memory extends Schema.Schema.Type<typeof Memory> {}

/** The options of a check: those of a wait, and the memory. */
export const Options = /* @__PURE__ */ (() =>
  Schema.Struct({
    ...Wait.Options.fields,
    /**
     * The memory of the last check of this run, also from another process. With it, checks at the times that they name send
     * the requests that a wait would send.
     * @default none: the first check
     */
    memory: Input.optional(Memory),
  }))()
export interface Options extends Schema.Schema.Type<typeof Options> {}

const next = /* @__PURE__ */ (() => ({
  /** When to check again: the earliest time at which that may tell something new. */
  lookAgainAt: Time,
  /** What to pass to the next check. */
  memory: Memory,
}))()

/** What one look has shown. */
export const Checked = /* @__PURE__ */ (() =>
  Schema.Union([
    /** The run is under way. `slow`: it takes much longer than past runs of its sync. */
    Schema.TaggedStruct("Running", { run: Run, slow: Schema.Boolean, ...next }),
    /** The run has ended, and its counts may still change. */
    Schema.TaggedStruct("Settling", { run: Run, ...next }),
    /** Reads do not show the run yet: it was accepted a moment ago. */
    Schema.TaggedStruct("NotVisibleYet", next),
    /** The look failed, or the rate limit granted it no request, and another one may succeed. */
    Schema.TaggedStruct("Unreachable", { error: RetlError, ...next }),
    /** The run has ended. */
    Schema.TaggedStruct("Finished", Finished.fields),
    /** The deadline has passed, and a look after it saw no end. The run goes on at the vendor. */
    Schema.TaggedStruct("Overdue", {
      ref: RunRef,
      /** The run as core last saw it; absent where no look has shown it. */
      run: Schema.optionalKey(Run),
      /** The deadline that passed. */
      deadline: Time,
      /** Why the look failed; absent where it showed the run. */
      error: Schema.optionalKey(RetlError),
    }),
  ]))()
export type Checked = typeof Checked.Type
