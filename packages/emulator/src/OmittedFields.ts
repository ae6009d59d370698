/** What an update of a sync does with the fields that it leaves out. */
import * as Schema from "effect/Schema"

/**
 * `kept`: they keep their values, as the vendors' documents and clients say. `cleared`: an update replaces the sync in full, and
 * each field that a create may leave out gets the value that a create gives it then. That is `enabled` (true), `mappings`,
 * `constants` and `syncSettings` at RudderStack; `schedule`, `description` and `config` at Zeotap; `settings` and
 * `reverseETLSchedule` at Segment.
 */
export const OmittedFields = Schema.Literals(["kept", "cleared"])
export type OmittedFields = typeof OmittedFields.Type
