/** Facts about cancelling runs. */
import type { Fact } from "@openretl/core/driver/Description"
import { appDocs, page, sdk } from "./sources.ts"

const cancelled = "Read a run that was cancelled by hand: GET /reverse-etl-models/{model}/syncs/{run}"

export const cancelling = (): ReadonlyArray<Fact> => [
  {
    id: "segment/cancel-names-the-run",
    claim: "A cancel stops the run that it names, within a few seconds.",
    confidence: "documented",
    source: page,
    consequence: "A cancel returns `Requested`; only `confirmWithin` waits for the end of the run.",
  },
  {
    id: "segment/cancel-skips-rows",
    claim: "Rows that a cancelled run had extracted are no part of later syncs; only a reset or a replay brings them.",
    confidence: "documented",
    source: appDocs,
    consequence: "A cancel's result says that undelivered rows are `lost`.",
  },
  {
    id: "segment/cancel-reason",
    claim: "A cancel has a body, with a reason from 0 to 4; 4 is another reason than those listed.",
    confidence: "documented",
    source: `${page}; ${sdk}`,
    consequence: "The adapter sends 4; the client accepts any reason, or none.",
  },
  {
    id: "segment/cancel-error",
    claim: "A cancel of a run that has ended is answered with 200 and an `errorCode`.",
    confidence: "documented",
    source: `${page}, whose prose does not say whether another status occurs`,
    consequence: "The adapter looks for the code in a success and in a 409 alike.",
    hasSwitch: true,
  },
  {
    id: "segment/cancel-error-codes",
    claim: "The codes are SyncAlreadyCanceled and SyncFinishedCannotCancel.",
    confidence: "documented",
    source: sdk,
    consequence:
      "Both codes mean that nothing is left to cancel. Core then reads the run, since a run that is already cancelled may not have ended yet. Another code is a `Conflict`.",
  },
  {
    id: "segment/cancelled-status",
    claim: "A run that was cancelled ends as CANCELLED.",
    confidence: "assumed",
    source: `no source lists a word; ${appDocs} shows "Canceled" in the app`,
    consequence:
      "CANCELLED and CANCELED mean `cancelled`. A FAIL after a cancel by this process is shown as cancelled, after a cancel by others as failed. Another word is `unknown` until `statusWords` gives it a meaning.",
    hasSwitch: true,
    probe: cancelled,
  },
  {
    id: "segment/cancelling-status",
    claim: "Until it has ended, a run that is being cancelled stays IN_PROGRESS.",
    confidence: "assumed",
    source: `no source; the answer to a cancel says CANCELLING, ${sdk}`,
    consequence:
      "After a cancel by this process the run is shown as cancelling. CANCELLING and CANCELING mean `cancelling`.",
    hasSwitch: true,
    probe: cancelled,
  },
]
