/**
 * Configuring model syncs on the wire: the bodies of requests. `PolytomicApi` has the sync itself.
 *
 * @see https://apidocs.polytomic.com/2025-09-18, and the vendor's client polytomic-typescript at 39153bc (2026-04-29)
 */
import * as Input from "@openretl/core/driver/Input"
import * as Schema from "effect/Schema"

/** The body of `POST /api/syncs/{id}/activate`. */
export const ActivateSyncRequest = Schema.Struct({ active: Schema.Boolean })
export interface ActivateSyncRequest extends Schema.Schema.Type<typeof ActivateSyncRequest> {}

const text = Input.optional(Schema.String)

/** A schedule: its frequency, and the fields that go with it as texts. */
export const Schedule = Schema.Struct({
  frequency: Schema.Literals([
    "manual",
    "continuous",
    "hourly",
    "daily",
    "weekly",
    "custom",
    "builder",
    "runafter",
    "multi",
    "dbtcloud",
  ]),
  minute: text,
  hour: text,
  day_of_week: text,
  day_of_month: text,
  month: text,
  connection_id: text,
  job_id: Input.optional(Schema.Int),
  run_after: Input.optional(Input.JsonObject),
  run_after_success_only: Input.optional(Schema.Boolean),
})
export interface Schedule extends Schema.Schema.Type<typeof Schedule> {}

const objects = Schema.Array(Input.JsonObject)

const flag = Input.optional(Schema.Boolean)

/** The fields of an update that it may leave out, besides those that core has words for. */
const settings = {
  identity: Input.optional(Input.JsonObject),
  override_fields: Input.optional(objects),
  overrides: Input.optional(objects),
  filters: Input.optional(objects),
  filter_logic: text,
  policies: Input.optional(Schema.Array(Schema.String)),
  encryption_passphrase: text,
  only_enrich_updates: flag,
  skip_initial_backfill: flag,
  sync_all_records: flag,
}

/** The body of `PUT /api/syncs/{id}`: the whole sync. A field that it leaves out is cleared, or reset to its default. */
export const UpdateSyncRequest = Schema.Struct({
  name: Schema.String,
  mode: Schema.String,
  target: Input.JsonObject,
  fields: objects,
  schedule: Input.JsonObject,
  active: flag,
  ...settings,
})
export interface UpdateSyncRequest extends Schema.Schema.Type<typeof UpdateSyncRequest> {}

/** The fields of a sync to change, besides its name, its schedule and whether it is active. */
export const ChangedSpec = Schema.Struct({
  mode: text,
  target: Input.optional(Input.JsonObject),
  fields: Input.optional(objects),
  ...settings,
})
export interface ChangedSpec extends Schema.Schema.Type<typeof ChangedSpec> {}
