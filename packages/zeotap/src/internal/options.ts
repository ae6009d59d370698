/** The options of a workspace, checked, and the settings of its client. */

import * as CoreOptions from "@openretl/core/driver/Options"
import * as Reader from "@openretl/core/driver/Reader"
import type { FieldIssue } from "@openretl/core/FieldIssue"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import type { Options } from "../Zeotap.ts"
import { baseUrl, type Settings, vendor } from "./connect.ts"

const own = Reader.struct({
  workspaceId: Reader.pattern(
    // It stands in a path, where "." and ".." are steps, and in a header.
    /^(?!\.{1,2}$)[\x21-\x7e]{1,255}$/,
    "the vendor's id of the workspace: 1 to 255 characters of printable ASCII without spaces",
  ),
})

export const problems = (options: Options): ReadonlyArray<FieldIssue> => [
  ...CoreOptions.problems(options),
  ...CoreOptions.connectionProblems(options),
  ...Reader.problems(own, options),
  ...(typeof options.baseUrl === "string" && /\/(?:api|v\d+)$/.test(options.baseUrl)
    ? [{ path: ["baseUrl"], message: "Expected the URL without /api/v1, which the paths bring" }]
    : []),
]

/** Fails with every problem of the options at once. */
export const settings = (options: Options): Effect.Effect<Settings, RetlError> =>
  Effect.map(CoreOptions.refuse(vendor, options, problems(options)), () => ({
    ...CoreOptions.clientSettings(options),
    workspaceId: options.workspaceId,
    baseUrl: options.baseUrl ?? baseUrl,
  }))
