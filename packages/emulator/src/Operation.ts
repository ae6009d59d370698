/**
 * What a request does, in words that all vendors share.
 *
 * - `start`, `get`, `list`, `cancel`: runs.
 * - `syncs`, `sync`: reads of configured syncs; `create`, `update`, `delete`: changes of them.
 * - `parts`: reads of what syncs are made of (sources, models, destinations); `changePart`: writes of that.
 * - `insights`: reads of figures.
 * - `identity`: the cheapest read that proves access. Segment's is `GET /`, Zeotap's the workspace; RudderStack has none.
 * - `other`: a request that is not emulated.
 */
import * as Schema from "effect/Schema"

/** The operation of a request. */
export const Operation = Schema.Literals([
  "start",
  "get",
  "list",
  "cancel",
  "identity",
  "syncs",
  "sync",
  "create",
  "update",
  "delete",
  "parts",
  "changePart",
  "insights",
  "other",
])
export type Operation = typeof Operation.Type
