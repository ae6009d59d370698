/** Options out of the configuration, each part by itself: what cannot be read does not hide what else is wrong. */

import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type { FieldIssue } from "./FieldIssue.ts"
import { refuse } from "./Options.ts"
import type { RetlError } from "./RetlError.ts"
import { fromSchemaError } from "./schema/FieldIssue.ts"

export interface Read<Options> {
  /** What could be read: all of the options where there are no issues. */
  readonly options: Options
  /** What could not be read, and what is wrong with the rest. */
  readonly issues: ReadonlyArray<FieldIssue>
}

export const read = Effect.fnUntraced(function* <Options extends object>(
  wrapped: Config.Wrap<Options>,
  problems: (options: Options) => ReadonlyArray<FieldIssue>,
): Effect.fn.Return<Read<Options>> {
  if (Config.isConfig(wrapped)) {
    const whole = yield* Effect.result(wrapped)
    if (Result.isFailure(whole)) return { options: {} as Options, issues: toIssues([], whole.failure) }
    const options = whole.success as Options
    return { options, issues: problems(options) }
  }
  const found: Record<string, unknown> = {}
  const unread: Array<FieldIssue> = []
  for (const [name, part] of Object.entries<Config.Wrap<unknown>>(wrapped)) {
    const value = yield* Effect.result(Config.unwrap(part))
    if (Result.isFailure(value)) unread.push(...toIssues([name], value.failure))
    else if (value.success !== undefined) found[name] = value.success
  }
  const options = found as Options
  const names = new Set(unread.map(({ path }) => path[0]))
  return { options, issues: [...unread, ...problems(options).filter(({ path }) => !names.has(path[0]))] }
})

/** The layer of the options that a configuration holds; fails with everything that is wrong with either, at once. */
export const layer = <Options extends { readonly name: string }, Services>(
  vendor: string,
  wrapped: Config.Wrap<Options>,
  problems: (options: Options) => ReadonlyArray<FieldIssue>,
  make: (options: Options) => Layer.Layer<Services, RetlError>,
): Layer.Layer<Services, RetlError> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const { options, issues } = yield* read(wrapped, problems)
      yield* refuse(vendor, options, issues)
      return make(options)
    }),
  )

/** `region: Expected "us" | "eu", in RUDDERSTACK_REGION`. Values are in no message. */
const toIssues = (path: ReadonlyArray<string>, { cause }: Config.ConfigError): ReadonlyArray<FieldIssue> =>
  cause._tag === "SchemaError"
    ? fromSchemaError(cause).map((issue) => ({
        path,
        message: issue.path.length === 0 ? issue.message : `${issue.message}, in ${issue.path.join(".")}`,
      }))
    : [{ path, message: "Expected a configuration that can be read" }]
