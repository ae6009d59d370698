/** Whether what a caller hands over is a schedule at all: callers in JavaScript, and stored JSON, have no type checker. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { FieldIssue } from "../FieldIssue.ts"
import { fromSchemaError } from "../schema/FieldIssue.ts"

type Issues = ReadonlyArray<FieldIssue>

const numbers = /* @__PURE__ */ Schema.Array(Schema.Number)
const texts = /* @__PURE__ */ Schema.Record(Schema.String, Schema.String)

const optionalText = /* @__PURE__ */ Schema.optionalKey(Schema.String)

/** The fields of each kind, and no others. What their values are to be is said elsewhere, with better words. */
const shapes = {
  Manual: /* @__PURE__ */ Schema.TaggedStruct("Manual", {}),
  Every: /* @__PURE__ */ Schema.TaggedStruct("Every", { every: Schema.Duration }),
  OnDays: /* @__PURE__ */ Schema.TaggedStruct("OnDays", { days: numbers, hours: numbers, timeZone: Schema.String }),
  Cron: /* @__PURE__ */ Schema.TaggedStruct("Cron", { expression: Schema.String, timeZone: optionalText }),
  Job: /* @__PURE__ */ Schema.TaggedStruct("Job", { tool: Schema.String, ids: texts }),
}

/** All that is wrong with its shape, a field each. */
export const problems = (schedule: unknown): Issues => {
  const tag = typeof schedule === "object" && schedule !== null && "_tag" in schedule ? schedule._tag : undefined
  const shape = isTag(tag) ? shapes[tag] : undefined
  if (shape === undefined) {
    return [{ path: [], message: `Expected a schedule, whose _tag is one of ${Object.keys(shapes).join(", ")}` }]
  }
  const read = Schema.decodeUnknownResult(Schema.toType<Schema.Top>(shape), strictly)(schedule)
  return Result.isSuccess(read) ? [] : fromSchemaError(read.failure)
}

export const holds = (schedule: unknown): boolean => problems(schedule).length === 0

const strictly = { errors: "all", onExcessProperty: "error" } as const

const isTag = (tag: unknown): tag is keyof typeof shapes => typeof tag === "string" && Object.hasOwn(shapes, tag)
