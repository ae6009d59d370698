/** The options of a listing: which runs it returns, and how many pages it reads. */
import * as Schema from "effect/Schema"
import * as Input from "./Input.ts"
import { Status } from "./Run.ts"
import { Time } from "./Time.ts"

const AboveZero = /* @__PURE__ */ Input.optional(
  Schema.Number.check(
    Schema.makeFilter((value: number) => Number.isSafeInteger(value) && value >= 1, {
      expected: "a whole number above 0",
    }),
  ),
)

/** Which runs a listing returns, and how many pages it reads. */
export const ListOptions = /* @__PURE__ */ Schema.Struct({
  /** Returns only runs with one of these statuses. @default all */
  statuses: Input.optional(Schema.Array(Status)),
  /** Returns only runs that started then or later, and started ones whose start the vendor does not tell. @default any */
  startedAfter: Input.optional(Time),
  /** Returns only runs that started then or earlier, and started ones whose start the vendor does not tell. @default any */
  startedBefore: Input.optional(Time),
  /** The most pages that one listing reads. A longer list fails; it is never cut in silence. @default 1000 */
  maxPages: AboveZero,
  /** How many runs one page has, within the vendor's bounds. @default the vendor's most */
  pageSize: AboveZero,
})
export interface ListOptions extends Schema.Schema.Type<typeof ListOptions> {}
