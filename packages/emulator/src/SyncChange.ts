/** How a stranger changes a sync: another user of the account, in the vendor's app. */
import * as Input from "@openretl/core/driver/Input"
import * as Schema from "effect/Schema"
import { SyncSchedule, SyncState } from "./SyncOptions.ts"

/** A change of a sync. What it leaves out stays as it is. */
export const SyncChange = Schema.Struct({
  /** The new name. RudderStack's answers show no name. */
  name: Input.optional(Schema.String),
  state: Input.optional(SyncState),
  /** The new schedule; `null` removes it. */
  schedule: Input.optional(Schema.NullOr(SyncSchedule)),
  /**
   * The schedule as answers show it, in the vendor's form: also one of a type or with a field that is not documented. It fires
   * as `schedule` says, or else as before.
   */
  wireSchedule: Input.optional(Schema.Union([Schema.String, Schema.Record(Schema.String, Schema.Unknown)])),
  /**
   * New values of fields in the vendor's words, stored as they are: `trigger` and `settings`, which holds the mappings, at
   * Segment; `mappings`, `identifiers`, `constants`, `syncSettings`, `destinationConfig`, `externalId`, `syncBehaviour`,
   * `event`, `object` and `cursorColumn` at RudderStack; `field_mapping`, `config`, `description`, `sync_mode` and
   * `primary_key` at Zeotap; `configuration`, `referencedColumns`, `primaryKey`, `externalSegment` and `tags` at Hightouch;
   * `operation`, `source_attributes`, `destination_attributes`, `mappings`, `field_behavior`, `advanced_configuration` and
   * `alert_attributes` at Fivetran Activations; `mode`, `object`, `fields`, `identity`, `filters`, `only_enrich_updates`,
   * `skip_initial_backfill` and `sync_all_records` at Polytomic.
   */
  fields: Input.optional(Schema.Record(Schema.String, Schema.Unknown)),
})
export interface SyncChange extends Schema.Schema.Type<typeof SyncChange> {}
