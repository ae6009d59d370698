/** What the options of a workspace have to be, and the client that they describe. */
import type * as FieldIssue from "@openretl/core/FieldIssue"
import * as CoreOptions from "@openretl/core/Options"
import * as Reader from "@openretl/core/Reader"
import type { RetlError } from "@openretl/core/RetlError"
import { scope } from "@openretl/core/Scope"
import * as Effect from "effect/Effect"
import type { Options } from "../RudderStack.ts"
import * as RudderStackClient from "../RudderStackClient.ts"

export const vendor = "rudderstack"

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

/** A client with the settings that the options describe, once they are right. */
export const clientWith = <O extends Options, A>(
  options: O,
  issues: (options: O) => ReadonlyArray<FieldIssue.FieldIssue>,
  make: (settings: RudderStackClient.Settings) => Effect.Effect<A>,
): Effect.Effect<A, RetlError> =>
  Effect.andThen(
    CoreOptions.refuse(vendor, options, issues(options)),
    Effect.suspend(() =>
      make({
        ...CoreOptions.clientSettings(options),
        baseUrl: options.baseUrl ?? RudderStackClient.baseUrls[options.region],
      }),
    ),
  )
