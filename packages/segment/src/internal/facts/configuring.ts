/** Facts about models, destinations and subscriptions. */
import type { Fact } from "@openretl/core/driver/Description"
import {
  airbyte,
  destinationsPage,
  issue104,
  issue143,
  oldOpenApi,
  page,
  paginationPage,
  sdk,
  systemDocs,
  terraform,
  typewriter,
} from "./sources.ts"

const models = "GET /reverse-etl-models"
const destinations = "GET /destinations"
const subscriptions = "GET /destinations/{destination}/subscriptions"

export const configuring = (): ReadonlyArray<Fact> => [
  {
    id: "segment/models-key",
    claim: "The list of models is under `models`; one model is under `reverseEtlModel`.",
    confidence: "seen-in-official-client",
    source: `${sdk}; ${airbyte} reads the list live`,
    consequence: "The adapter decodes these keys; anything else is an `UnexpectedResponse`.",
    probe: models,
  },
  {
    id: "segment/dotted-pagination",
    claim:
      "Models, destinations and subscriptions are listed with `pagination.count`, 1 to 1000, and `pagination.cursor`.",
    confidence: "documented",
    source: `${paginationPage}; ${typewriter} and ${airbyte} send the dots, other SDKs brackets; 1 to 200 before 2024-03`,
    consequence: "The adapter sends dots, and a count of 200 unless the caller passes another.",
    probe: `${models}?pagination.count=200`,
  },
  {
    id: "segment/subscription-keys",
    claim:
      "The answer to a creation has the subscription under `destinationSubscription`, the answers to a read and a change under `subscription`; a change is sent under `input`.",
    confidence: "documented",
    source: `${sdk}; ${terraform}`,
    consequence: "The adapter decodes and sends these keys.",
  },
  {
    id: "segment/model-link",
    claim: "The model of a subscription is `modelId`, and in a change `reverseETLModelId`.",
    confidence: "documented",
    source: `${sdk}; ${terraform}`,
    consequence: "The adapter uses each name where it belongs.",
    probe: subscriptions,
  },
  {
    id: "segment/no-model-form",
    claim: "A subscription without a model has an empty `modelId`.",
    confidence: "seen-in-official-client",
    source: `${terraform} takes an empty one for none; in ${oldOpenApi} there is none`,
    consequence: "Empty, null and absent mean the same: the subscription is not a mapping.",
    hasSwitch: true,
    probe: subscriptions,
  },
  {
    id: "segment/schedule-after-creation",
    claim: "A creation cannot set a subscription's schedule: only a change can.",
    confidence: "documented",
    source: `${sdk}; ${terraform} sends a change right after a creation`,
    consequence: "A creation with a schedule is refused before it is sent.",
  },
  {
    id: "segment/default-schedule",
    claim: "A new subscription with a model has the schedule MANUAL.",
    confidence: "assumed",
    source: "no source",
    consequence:
      "Nothing relies on it: a new sync is created switched off, and then gets its schedule explicitly, also a manual one.",
    hasSwitch: true,
    probe: subscriptions,
  },
  {
    id: "segment/strategy-case",
    claim: "A schedule's strategy is written in upper case.",
    confidence: "documented",
    source: `${sdk} and ${terraform}; the prose of ${page} has lower case`,
    consequence: "The adapter sends upper case, and accepts both.",
    hasSwitch: true,
    probe: subscriptions,
  },
  {
    id: "segment/schedule-config",
    claim: "The form of a schedule's `config` depends on its strategy.",
    confidence: "documented",
    source: `${sdk}; in ${issue143} the Go SDK fails on a real one`,
    consequence: "It is kept as it comes, and an odd one hides nothing else of the subscription.",
    probe: subscriptions,
  },
  {
    id: "segment/shortest-interval",
    claim: "The runs of a mapping are at least 15 minutes and less than 168 hours apart.",
    confidence: "documented",
    source: `${systemDocs} for the 15 minutes, where ${page} has more than 10; the 168 hours: ${page}`,
    consequence: "An interval or a cron expression outside these bounds is refused before it is sent.",
  },
  {
    id: "segment/model-limits",
    claim: "A query has at most 65,535 characters and the name of its identifier column 191.",
    confidence: "documented",
    source: systemDocs,
    consequence: "A longer one is refused before it is sent.",
  },
  {
    id: "segment/model-with-subscriptions",
    claim: "A model that is deleted takes its subscriptions with it.",
    confidence: "assumed",
    source: "no source",
    consequence:
      "Nothing relies on it: a 409 is a `Conflict`, and a subscription that remains names a model that does not exist.",
    hasSwitch: true,
  },
  {
    id: "segment/settings-update",
    claim: "The `settings` of a change are merged into the present ones.",
    confidence: "assumed",
    source: `no source; ${destinationsPage} does not say`,
    consequence:
      "Settings are sent as the caller passes them. A caller who passes all settings gets the same result either way.",
    hasSwitch: true,
  },
  {
    id: "segment/read-only-settings",
    claim: "Read-only settings of a destination are ignored beside others, and refused with 400 alone.",
    confidence: "documented",
    source: destinationsPage,
    consequence: "The 400 is `InvalidRequest`.",
  },
  {
    id: "segment/masked-secrets",
    claim: "Secrets in a destination's settings are shown as bullets, of which the last characters may be real.",
    confidence: "documented",
    source: `${oldOpenApi}; ${terraform} takes any value with a bullet for a mask`,
    consequence:
      "Settings are kept as they come, and never sent back by themselves. A mask in the settings of a mapping is refused before it is sent; a value that is shown masked is sent each time.",
    probe: destinations,
  },
  {
    id: "segment/single-instance",
    claim: "Where a source may have one destination of a kind, a second one is refused with 400.",
    confidence: "seen-in-official-client",
    source: issue104,
    consequence: "It is `InvalidRequest` with the vendor's sentence.",
  },
  {
    id: "segment/destination-source",
    claim: "The destination of a model's mapping carries the id of the model's source.",
    confidence: "assumed",
    source: "no source",
    consequence: "The source of a sync comes from its model, never from its destination.",
    hasSwitch: true,
    probe: destinations,
  },
  {
    id: "segment/no-list-of-mappings",
    claim: "Mappings are listed only under their destinations, and no id of a mapping says its destination.",
    confidence: "documented",
    source: sdk,
    consequence:
      "The catalog reads all destinations, one after the other, and remembers under which one it saw a mapping.",
    probe: subscriptions,
  },
  {
    id: "segment/subscriptions-feature",
    claim: "Without the feature Destination Subscriptions the list of subscriptions is refused with 403 or 404.",
    confidence: "assumed",
    source: `${destinationsPage} names the feature, and no status`,
    consequence:
      "A 404 for an existing destination of a kind with actions is `Unsupported`, and names the feature to request; a 403 is `PermissionDenied`.",
    probe: subscriptions,
  },
  {
    id: "segment/columns-are-properties",
    claim: "A column of a model is a property of the event: `$.properties.email`, or `{{properties.email}}`.",
    confidence: "seen-in-official-client",
    source: `${issue143}, which shows a real mapping`,
    consequence: "These fill the fields of a sync's mapping; a field that something else fills is in `unreadMapping`.",
    probe: subscriptions,
  },
  {
    id: "segment/deletion-answer",
    claim: "A deletion is answered with the status SUCCESS, the only documented one.",
    confidence: "documented",
    source: sdk,
    consequence: "Any other answer is an `UnexpectedResponse`, which leaves open what happened.",
  },
  {
    id: "segment/metrics-range",
    claim:
      "Delivery metrics cover at most 4 hours by minute, from 48 hours ago, 7 days by hour, and 14 days by day; they are one sum.",
    confidence: "documented",
    source: `${destinationsPage}; ${sdk}; wider in ${oldOpenApi}`,
    consequence: "A longer range is refused before it is sent, where it has both ends.",
    probe: "GET /destinations/{destination}/delivery-metrics?sourceId={source}",
  },
]
