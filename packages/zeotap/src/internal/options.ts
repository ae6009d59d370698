/** The options of a workspace, checked, and the settings of its client. */
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as CoreOptions from "@openretl/core/Options"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Options } from "../Zeotap.ts"
import * as ZeotapClient from "../ZeotapClient.ts"

export const vendor = "zeotap"

const Checked = Schema.Struct({
  workspaceId: Schema.String.check(
    // It stands in a path, where "." and ".." are steps, and in a header.
    Schema.isPattern(/^(?!\.{1,2}$)[\x21-\x7e]{1,255}$/, {
      expected: "the vendor's id of the workspace: 1 to 255 characters of printable ASCII without spaces",
    }),
  ),
})

export const problems = (options: Options): ReadonlyArray<FieldIssue.FieldIssue> => {
  const own = Schema.decodeUnknownResult(Checked, { errors: "all" })(options)
  return [
    ...CoreOptions.problems(options),
    ...CoreOptions.connectionProblems(options),
    ...(Result.isFailure(own) ? FieldIssue.fromSchemaError(own.failure) : []),
    ...(typeof options.baseUrl === "string" && /\/(?:api|v\d+)$/.test(options.baseUrl)
      ? [{ path: ["baseUrl"], message: "Expected the URL without /api/v1, which the paths bring" }]
      : []),
  ]
}

/** Fails with every problem of the options at once. */
export const settings = (options: Options): Effect.Effect<ZeotapClient.Settings, RetlError> =>
  Effect.map(CoreOptions.refuse(vendor, options, problems(options)), () => ({
    ...CoreOptions.clientSettings(options),
    workspaceId: options.workspaceId,
    baseUrl: options.baseUrl ?? ZeotapClient.baseUrl,
  }))
