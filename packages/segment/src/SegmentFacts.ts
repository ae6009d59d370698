/** The facts about Segment's API that the adapter relies on, as data, and what core needs of them. */
import type { Fact } from "@openretl/core/driver/Description"
import { access } from "./internal/facts/access.ts"
import { cancelling } from "./internal/facts/cancelling.ts"
import { configuring } from "./internal/facts/configuring.ts"
import { limits } from "./internal/facts/limits.ts"
import { reading } from "./internal/facts/reading.ts"
import { running } from "./internal/facts/running.ts"

const all = (): ReadonlyArray<Fact> => [
  ...running(),
  ...cancelling(),
  ...reading(),
  ...configuring(),
  ...access(),
  ...limits(),
]

/** Every fact. None has been seen live; each names its source, and what happens should it be wrong. */
export const facts: ReadonlyArray<Fact> = /* @__PURE__ */ all()

export { description } from "./internal/description.ts"
