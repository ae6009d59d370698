/** Facts about starting runs. */
import type { Fact } from "@openretl/core/driver/Description"
import { errorPage, page, sdk, terraform } from "./sources.ts"

const status = "GET /reverse-etl-models/{model}/syncs/{run}"

export const running = (): ReadonlyArray<Fact> => [
  {
    id: "segment/overlap",
    claim: "A start is refused while a run of the mapping is under way.",
    confidence: "assumed",
    source: `no source: neither ${page} nor ${sdk} says`,
    consequence:
      "The guard of a trigger is `observed`: core looks at the runs right before it starts one. In the gap between the two, a refusal is understood, and the id of a run that was there before is taken for that run; should runs overlap, there are two.",
    hasSwitch: true,
  },
  {
    id: "segment/overlap-refusal",
    claim: "A start that is refused for a run under way is answered with 409, or with a text that says so.",
    confidence: "assumed",
    source: `${errorPage} has 409 for conflicts; of starts none says anything`,
    consequence:
      "Any 409 to a start is `AlreadyRunning`; a 400 or 422 is where its text, outside quotes and of no single field, says that something is running or in progress, and else `InvalidRequest`.",
  },
  {
    id: "segment/disabled-sync",
    claim: "A start of a mapping or a model that is disabled is refused, with a text that says `disabled` or `paused`.",
    confidence: "assumed",
    source: "no source",
    consequence: "Such a text makes it `NotTriggerable`; without it a 400 or 422 is `InvalidRequest`.",
    hasSwitch: true,
  },
  {
    id: "segment/no-idempotency-key",
    claim: "A start takes no idempotency key.",
    confidence: "documented",
    source: `${page} and ${sdk}, by their silence`,
    consequence: "A start whose answer was lost is looked up in the list and never sent again.",
  },
  {
    id: "segment/schedule-out-of-reach",
    claim:
      "The schedule of a mapping is read under its destination, and no answer names the destination of a mapping that is known by source, model and subscription.",
    confidence: "documented",
    source: `${sdk}: the schedule has been on the destination's subscription since 55.2.0 (2024-10)`,
    consequence:
      "Whether a mapping fires by itself is `unknown`: a run that turns up after a lost answer is not adopted unless the caller says `exclusive`.",
  },
  {
    id: "segment/settle-window",
    claim: "A run exists within two minutes of the start that was accepted.",
    confidence: "assumed",
    source: "no source; a start is answered with the run's id",
    consequence: "A start whose answer was lost counts as not carried out when no run has turned up by then.",
  },
  {
    id: "segment/reads-lag",
    claim: "A run that was just started may be missing from the reads, for less than a minute.",
    confidence: "assumed",
    source: "no source",
    consequence: "Within a minute of the start a run that is not found is taken as not there yet; later as not there.",
  },
  {
    id: "segment/ids",
    claim: "All ids are strings of 1 to 255 characters; a run's may be digits.",
    confidence: "documented",
    source: `${page}; ${sdk}`,
    consequence:
      "An id that is a number, in the answer to a start, is an `UnexpectedResponse`, and the run is looked up.",
    probe: status,
  },
  {
    id: "segment/unknown-field",
    claim: "A body with a field that is not documented is refused with 422.",
    confidence: "assumed",
    source: "no source",
    consequence: "None: nothing but the documented fields is sent.",
    hasSwitch: true,
  },
  {
    id: "segment/media-types",
    claim:
      "Reverse ETL and subscriptions are alpha, delivery metrics beta, destinations stable: each takes and gives a media type of its own, as in `application/vnd.segment.v1alpha+json`.",
    confidence: "documented",
    source: `${sdk}; the TypeScript SDK and ${terraform} send application/json as \`accept\`, which is answered too`,
    consequence:
      "Bodies are sent as their endpoint's type; it is accepted, and application/json after it. `GET /` is asked for application/json alone.",
    probe: status,
  },
  {
    id: "segment/answer-media-type",
    claim: "A success of an alpha endpoint says that it is application/json.",
    confidence: "assumed",
    source: "no source",
    consequence: "None: the body is read as JSON whatever type it has.",
    hasSwitch: true,
    probe: status,
  },
  {
    id: "segment/accept-v1",
    claim: "An alpha endpoint that is asked for the stable media type alone refuses with 406.",
    confidence: "assumed",
    source: "a third party's note",
    consequence: "None: it is never asked so.",
    hasSwitch: true,
  },
]
