/** How a vendor changes the configuration that it stores. */
import * as Schema from "effect/Schema"

/**
 * One kind of change to what creates and updates of syncs send:
 *
 * - `names`: names and descriptions without spaces around them, and with one space in place of several.
 * - `order`: lists such as mappings in the order of their entries' JSON texts.
 * - `upper-ids`, `lower-ids`: the values of settings whose names end in `id`, in one case.
 * - `texts`: numbers as texts, as in `"42"`.
 * - `nulls`: fields with the value null are dropped.
 *
 * The last four kinds apply to a sync's settings and mappings, at any depth; never to its schedule, its state, or the ids of
 * what it is made of.
 */
export const Normalization = Schema.Literals(["names", "order", "upper-ids", "lower-ids", "texts", "nulls"])
export type Normalization = typeof Normalization.Type
