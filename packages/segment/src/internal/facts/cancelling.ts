/** Facts about cancelling runs. */
import type { Fact } from "@openretl/core/driver/Description"
import { appDocs, page, sdk } from "./sources.ts"

const cancelled = "Read a run that was cancelled by hand: GET /reverse-etl-models/{model}/syncs/{run}"

export const cancelling = (): ReadonlyArray<Fact> => [
  {
    id: "segment/cancel-names-the-run",
    claim: "A cancel stops the run that it names, and takes a few seconds for it.",
    confidence: "documented",
    source: page,
    consequence: "A cancel ends as `Requested`; only `confirmWithin` waits for the run to end.",
  },
  {
    id: "segment/cancel-reason",
    claim: "A cancel has a body, with a reason from 0 to 4; 4 is another reason than those listed.",
    confidence: "documented",
    source: `${page}; ${sdk}`,
    consequence: "4 is sent; the client takes any of them, or none.",
  },
  {
    id: "segment/cancel-error",
    claim: "A cancel of a run that has ended is answered with 200 and an `errorCode`.",
    confidence: "documented",
    source: `${page}, whose prose does not say whether another status occurs`,
    consequence: "The code is read in a success and in a 409 alike.",
    hasSwitch: true,
  },
  {
    id: "segment/cancel-error-codes",
    claim: "The codes are SyncAlreadyCanceled and SyncFinishedCannotCancel.",
    confidence: "documented",
    source: sdk,
    consequence:
      "Both mean that nothing is left to cancel; core then reads the run, since one that is cancelled already may not have ended yet. Another code is a `Conflict`.",
  },
  {
    id: "segment/cancelled-status",
    claim: "A run that was cancelled ends as CANCELLED.",
    confidence: "assumed",
    source: `no source lists a word; ${appDocs} shows "Canceled" in the app`,
    consequence:
      "CANCELLED and CANCELED are understood. A FAIL after a cancel from here is shown as cancelled, after one by others as failed. Another word is `unknown` until `statusWords` names its meaning.",
    hasSwitch: true,
    probe: cancelled,
  },
  {
    id: "segment/cancelling-status",
    claim: "Until it has ended, a run that is being cancelled stays IN_PROGRESS.",
    confidence: "assumed",
    source: `no source; the answer to a cancel says CANCELLING, ${sdk}`,
    consequence: "After a cancel from here it is shown as cancelling; CANCELLING and CANCELING are understood.",
    hasSwitch: true,
    probe: cancelled,
  },
]
