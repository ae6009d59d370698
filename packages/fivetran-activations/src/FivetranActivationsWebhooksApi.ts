/**
 * Webhooks on the wire: what creates and lists them, and the event that a receiver gets.
 *
 * An event is a hint that a run has changed, and no outcome: it has no counts of rows, its `completed` stands for failures as
 * well, and cancelled and skipped runs have none. Pass `syncOf` of it to `syncRef`, and the ref to `Runs.notice`.
 *
 * @see https://fivetran.com/docs/activations/rest-api/api-reference (read 2026-11)
 */
import * as Input from "@openretl/core/driver/Input"
import * as Wire from "@openretl/core/driver/Wire"
import * as Schema from "effect/Schema"
import { answerOf, Id, listOf } from "./FivetranActivationsApi.ts"

/** The names of events. */
export const EventName = Schema.Literals([
  "sync.alert.raised",
  "sync.alert.resolved",
  "sync.triggered",
  "sync.started",
  "sync.completed",
  "sync.success",
  "sync.failed",
])
export type EventName = typeof EventName.Type

/** The body of an event, which the vendor signs in `X-Signature`: base64 of the HMAC-SHA256 of the body, as it arrived. */
export const Event = Schema.Struct({
  sync_id: Id,
  sync_run_id: Wire.lenient(Id),
  /** One of the documented names, or a new one. */
  event: Schema.String,
  status: Wire.text,
})
export interface Event extends Schema.Schema.Type<typeof Event> {}

/** Returns the event of a body that has been parsed; `undefined` for one that is none. Verify its signature first. */
export const decodeEvent: (body: unknown) => Event | undefined = /* @__PURE__ */ Wire.orUndefined(Event)

/** Returns the ids of the sync that an event is about, for `syncRef`. */
export const syncOf = ({ sync_id }: Event): { readonly sync: string } => ({ sync: sync_id })

const Text = Schema.String.check(Schema.isMinLength(1, { expected: "a text that is not empty" }))

/** The body of `POST /webhooks`. */
export const CreateWebhookRequest = Schema.Struct({
  group_id: Text,
  name: Text,
  description: Input.optional(Schema.String),
  /** Which events are sent; none stands for all. */
  events: Schema.Array(EventName),
  /** Where events are sent. */
  endpoint: Schema.String.check(Schema.isPattern(/^https:\/\//, { expected: "an address that begins with https" })),
})
export interface CreateWebhookRequest extends Schema.Schema.Type<typeof CreateWebhookRequest> {}

/** One webhook. Its secret is shown in the app, once. */
export const Webhook = Schema.Struct({
  id: Id,
  group_id: Wire.text,
  name: Wire.text,
  description: Wire.text,
  endpoint: Wire.text,
  events: Wire.lenient(Wire.entries(Schema.String)),
})
export interface Webhook extends Schema.Schema.Type<typeof Webhook> {}

/** The answer of `POST /webhooks`. */
export const CreateWebhookResponse = answerOf(Webhook)

/** The answer of `GET /webhooks`. */
export const ListWebhooksResponse = listOf(Webhook)
