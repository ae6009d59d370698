/** What can be wrong with the options of a workspace. */
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as CoreOptions from "@openretl/core/Options"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Region } from "../SegmentClient.ts"

/** As `Segment.Options`. */
interface Options extends CoreOptions.Options, CoreOptions.Connection {
  readonly region: Region
}

const Checked = Schema.Struct({ region: Schema.Literals(["us", "eu"]) })

/** All of it at once. */
export const problems = (options: Options): ReadonlyArray<FieldIssue.FieldIssue> => {
  const own = Schema.decodeUnknownResult(Checked, { errors: "all" })(options)
  return [
    ...CoreOptions.problems(options),
    ...CoreOptions.connectionProblems(options),
    ...(Result.isFailure(own) ? FieldIssue.fromSchemaError(own.failure) : []),
    ...(typeof options.baseUrl === "string" && /\/v\d+$/.test(options.baseUrl)
      ? [{ path: ["baseUrl"], message: "Expected the URL without a version, which goes by media type" }]
      : []),
  ]
}
