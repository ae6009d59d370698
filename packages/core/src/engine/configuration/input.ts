/** What a caller asks for, against its shape: callers in JavaScript, and stored JSON, have no type checker. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { type Change, VendorPart } from "../../model/Change.ts"
import * as FieldIssue from "../../model/FieldIssue.ts"
import * as Shape from "../../model/schedule/shape.ts"
import { fromSchemaError } from "../../model/schema/FieldIssue.ts"

export interface Asked {
  /** All that is wrong with its shape, unknown fields among it. */
  readonly issues: ReadonlyArray<FieldIssue.FieldIssue>
  /** The fields that have the right shape; one that is `undefined` is absent. */
  readonly sound: Change
}

const Portable = /* @__PURE__ */ Schema.Struct({
  name: /* @__PURE__ */ Schema.optionalKey(Schema.String),
  enabled: /* @__PURE__ */ Schema.optionalKey(Schema.Boolean),
  part: /* @__PURE__ */ Schema.optionalKey(VendorPart),
})

/** A definition, or a change, whose fields are all optional here. */
export const read = (asked: unknown): Asked => {
  if (typeof asked !== "object" || asked === null || Array.isArray(asked)) {
    return { issues: [{ path: [], message: "Expected an object" }], sound: {} }
  }
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value !== undefined),
  )
  const { schedule, ...rest } = given
  const checked = Schema.decodeUnknownResult(Portable, { errors: "all", onExcessProperty: "error" })(rest)
  const issues = [
    ...(Result.isFailure(checked) ? fromSchemaError(checked.failure) : []),
    ...(schedule === undefined ? [] : FieldIssue.within(["schedule"], Shape.problems(schedule))),
  ]
  const wrong = new Set(issues.map(({ path }) => path[0]))
  return { issues, sound: Object.fromEntries(Object.entries(given).filter(([field]) => !wrong.has(field))) }
}
