/** Options from the configuration, read part by part: a part that cannot be read hides no other problem. */
import type * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { type FieldIssue, fromSchemaIssue } from "../model/FieldIssue.ts"

/** Options of which any part, or the whole, may be a `Config`. Every other value stands for itself. */
export type Wrap<Options> =
  | Config.Config<Options>
  | { readonly [K in keyof Options]: Options[K] | Config.Wrap<Options[K]> }

/** What `read` returns. */
export interface Read {
  /** The parts that could be read. */
  readonly options: object
  /** One issue for each part that could not be read. */
  readonly issues: ReadonlyArray<FieldIssue>
}

/** Reads options from the configuration. An issue has the name of a part and of its variable, and never a value. */
export const read = Effect.fnUntraced(function* <Options extends object>(
  wrapped: Wrap<Options>,
): Effect.fn.Return<Read> {
  if (isConfig(wrapped)) {
    const options = yield* Effect.result(wrapped)
    return Result.isFailure(options)
      ? { options: {}, issues: toIssues([], options.failure) }
      : { options: Object(options.success), issues: [] }
  }
  const options: Record<string, unknown> = {}
  const issues: Array<FieldIssue> = []
  for (const [name, part] of partsOf(wrapped)) {
    const value = yield* Effect.result(unwrap(part))
    if (Result.isFailure(value)) issues.push(...toIssues([name], value.failure))
    else if (value.success !== undefined) options[name] = value.success
  }
  return { options, issues }
})

/** Returns the parts of a value. One that cannot be read has none: decoding it names what is missing. */
const partsOf = (wrapped: unknown): ReadonlyArray<readonly [string, unknown]> => {
  try {
    return Object.entries(Object(wrapped))
  } catch {
    return []
  }
}

/** As `Config.isConfig`, whose module a program that configures in code does not ship. */
const isConfig = (value: unknown): value is Part => Predicate.hasProperty(value, "~effect/Config")

type Part = Effect.Effect<unknown, Config.ConfigError>

const isRecord = (value: unknown): value is object =>
  Predicate.isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value))

/**
 * Reads a config, or a record of configs. Every other value stands for itself, such as a token that is an effect, or a
 * record that cannot be read.
 */
const unwrap = (wrapped: unknown): Part => {
  if (isConfig(wrapped)) return wrapped
  const parts = isRecord(wrapped) ? partsOf(wrapped) : []
  if (!parts.some(([, part]) => isConfig(part))) return Effect.succeed(wrapped)
  return Effect.all(Object.fromEntries(parts.map(([name, part]) => [name, unwrap(part)])))
}

/** Returns issues as in `region: Expected "us" | "eu", in RUDDERSTACK_REGION`. No message holds a value. */
const toIssues = (path: ReadonlyArray<string>, { cause }: Config.ConfigError): ReadonlyArray<FieldIssue> =>
  cause._tag === "SchemaError"
    ? fromSchemaIssue(cause.issue).map((issue) => ({
        path,
        message: issue.path.length === 0 ? issue.message : `${issue.message}, in ${issue.path.join(".")}`,
      }))
    : [{ path, message: "Expected a configuration that can be read" }]
