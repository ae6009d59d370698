/** What the options of a workspace have to be, and the settings that they are for a client. */

import * as CoreOptions from "@openretl/core/driver/Options"
import * as Reader from "@openretl/core/driver/Reader"
import type * as FieldIssue from "@openretl/core/FieldIssue"
import type { RetlError } from "@openretl/core/RetlError"
import { scope } from "@openretl/core/Scope"
import * as Effect from "effect/Effect"
import type { Options } from "../RudderStack.ts"
import { baseUrls, type Settings, vendor } from "./connect.ts"

const own = Reader.struct({ region: Reader.literals(["us", "eu"]), defaultScope: scope })

/** Every problem of the options, at once. */
export const problems = (options: Options): ReadonlyArray<FieldIssue.FieldIssue> => [
  ...CoreOptions.problems(options),
  ...CoreOptions.connectionProblems(options),
  ...Reader.problems(own, options),
  ...(typeof options.baseUrl === "string" && /\/v\d+$/.test(options.baseUrl)
    ? [{ path: ["baseUrl"], message: "Expected the URL without its version, which the paths bring" }]
    : []),
]

/** Fails with every problem of the options at once. */
export const settings = <O extends Options>(
  options: O,
  issues: (options: O) => ReadonlyArray<FieldIssue.FieldIssue> = problems,
): Effect.Effect<Settings, RetlError> =>
  Effect.map(CoreOptions.refuse(vendor, options, issues(options)), () => ({
    ...CoreOptions.clientSettings(options),
    baseUrl: options.baseUrl ?? baseUrls[options.region],
  }))
