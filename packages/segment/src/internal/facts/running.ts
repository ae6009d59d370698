/** Facts about starting runs. */
import type { Fact } from "@openretl/core/driver/Description"
import { errorPage, page, sdk, terraform } from "./sources.ts"

const status = "GET /reverse-etl-models/{model}/syncs/{run}"

export const running = (): ReadonlyArray<Fact> => [
  {
    id: "segment/overlap",
    claim: "A start is refused while a run of the mapping is under way.",
    confidence: "assumed",
    source: `no source: neither ${page} nor ${sdk} says it`,
    consequence:
      "The guard of a trigger is `observed`: core looks at the runs right before it starts one. If one begins in between, a refusal becomes `AlreadyRunning`, and an answer with the id of an earlier run means that run. If the vendor lets runs overlap, there are two runs.",
    hasSwitch: true,
  },
  {
    id: "segment/overlap-refusal",
    claim: "A start that is refused because of a run under way is answered with 409, or with a text that says so.",
    confidence: "assumed",
    source: `${errorPage} has 409 for conflicts; no source is about starts`,
    consequence:
      "Any 409 to a start is `AlreadyRunning`. A 400, 422 or 429, or a 200 with `errors` in place of `data`, is `AlreadyRunning` where its text, outside quotes and about no single field, says that a run is under way.",
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
    source: `${page} and ${sdk} have none`,
    consequence:
      "Core looks for the run of a start whose answer was lost in the list, and never sends the start again.",
  },
  {
    id: "segment/schedule-out-of-reach",
    claim:
      "The schedule of a mapping is read under its destination, and no answer says the destination of a mapping from its source, model and subscription.",
    confidence: "documented",
    source: `${sdk}: the schedule has been on the destination's subscription since 55.2.0 (2024-10)`,
    consequence:
      "Whether a mapping fires by itself is `unknown`: core does not adopt a run that appears after a lost answer unless the caller says `exclusive`.",
  },
  {
    id: "segment/settle-window",
    claim: "A run exists within two minutes of the start that was accepted.",
    confidence: "assumed",
    source: "no source; a start is answered with the run's id",
    consequence: "A start whose answer was lost counts as not carried out when no run has appeared by then.",
  },
  {
    id: "segment/reads-lag",
    claim: "A run that was just started may be missing from the reads, for less than a minute.",
    confidence: "assumed",
    source: "no source",
    consequence:
      "Within a minute of the start, a run that is not found counts as not visible yet; later it counts as missing.",
  },
  {
    id: "segment/ids",
    claim: "All ids are strings of 1 to 255 characters; a run's may be digits.",
    confidence: "documented",
    source: `${page}; ${sdk}`,
    consequence: "A numeric id in the answer to a start is an `UnexpectedResponse`, and core looks for the run.",
    probe: status,
  },
  {
    id: "segment/unknown-field",
    claim: "A body with a field that is not documented is refused with 422.",
    confidence: "assumed",
    source: "no source",
    consequence: "None: the adapter sends only documented fields.",
    hasSwitch: true,
  },
  {
    id: "segment/media-types",
    claim:
      "Reverse ETL and subscriptions are alpha, delivery metrics beta, destinations stable: each accepts and returns its own media type, as in `application/vnd.segment.v1alpha+json`.",
    confidence: "documented",
    source: `${sdk}; the TypeScript SDK and ${terraform} send application/json as \`accept\`, and get answers too`,
    consequence:
      "A body has its endpoint's media type. `accept` names that type and then application/json; for `GET /` it names application/json alone.",
    probe: status,
  },
  {
    id: "segment/answer-media-type",
    claim: "The content type of an alpha endpoint's success is application/json.",
    confidence: "assumed",
    source: "no source",
    consequence: "None: the body is decoded as JSON whatever its content type.",
    hasSwitch: true,
    probe: status,
  },
  {
    id: "segment/accept-v1",
    claim: "An alpha endpoint refuses a request that accepts the stable media type alone with 406.",
    confidence: "assumed",
    source: "a third party's note",
    consequence: "None: the adapter never sends such a request.",
    hasSwitch: true,
  },
]
