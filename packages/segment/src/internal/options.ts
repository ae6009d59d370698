/** What can be wrong with the options of a workspace. */
import type * as FieldIssue from "@openretl/core/FieldIssue"
import * as CoreOptions from "@openretl/core/Options"
import * as Reader from "@openretl/core/Reader"
import type { Region } from "../SegmentClient.ts"

/** As `Segment.Options`. */
interface Options extends CoreOptions.Options, CoreOptions.Connection {
  readonly region: Region
}

const own = Reader.struct({ region: Reader.literals(["us", "eu"]) })

/** All of it at once. */
export const problems = (options: Options): ReadonlyArray<FieldIssue.FieldIssue> => [
  ...CoreOptions.problems(options),
  ...CoreOptions.connectionProblems(options),
  ...Reader.problems(own, options),
  ...(typeof options.baseUrl === "string" && /\/v\d+$/.test(options.baseUrl)
    ? [{ path: ["baseUrl"], message: "Expected the URL without a version, which goes by media type" }]
    : []),
]
