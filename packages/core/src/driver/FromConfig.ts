/**
 * Options out of the configuration, each part by itself: what cannot be read does not hide what else is wrong.
 *
 * `effect/Config` is the caller's to load, and loads `effect/Schema`: here it is only a type.
 */
import type * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { FieldIssue } from "../model/FieldIssue.ts"
import type { RetlError } from "../model/RetlError.ts"
import { fromIssue } from "../model/schemaIssues.ts"
import { refuse } from "./Options.ts"

/** Options of which any part, or all, may be a `Config`; what is none stands for itself. */
export type Wrap<Options> =
  | Config.Config<Options>
  | { readonly [K in keyof Options]: Options[K] | Config.Wrap<Options[K]> }

export interface Read<Options> {
  /** What could be read: all of the options where there are no issues. */
  readonly options: Options
  /** What could not be read, and what is wrong with the rest. */
  readonly issues: ReadonlyArray<FieldIssue>
}

export const read = Effect.fnUntraced(function* <Options extends object>(
  wrapped: Wrap<Options>,
  problems: (options: Options) => ReadonlyArray<FieldIssue>,
): Effect.fn.Return<Read<Options>> {
  if (isConfig(wrapped)) {
    const whole = yield* Effect.result(wrapped)
    if (Result.isFailure(whole)) return { options: {} as Options, issues: toIssues([], whole.failure) }
    const options = whole.success as Options
    return { options, issues: problems(options) }
  }
  const found: Record<string, unknown> = {}
  const unread: Array<FieldIssue> = []
  for (const [name, part] of Object.entries(wrapped)) {
    const value = yield* Effect.result(unwrap(part))
    if (Result.isFailure(value)) unread.push(...toIssues([name], value.failure))
    else if (value.success !== undefined) found[name] = value.success
  }
  const options = found as Options
  const names = new Set(unread.map(({ path }) => path[0]))
  return { options, issues: [...unread, ...problems(options).filter(({ path }) => !names.has(path[0]))] }
})

type Part = Effect.Effect<unknown, Config.ConfigError>

/** As `Config.isConfig`, which is not loaded here. A token that is an Effect is none: it is run for each request. */
const isConfig = (wrapped: unknown): wrapped is Part => Predicate.hasProperty(wrapped, "~effect/Config")

const isRecord = (value: unknown): value is object =>
  Predicate.isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value))

/** A config, or a record of configs. Anything else stands for itself. */
const unwrap = (wrapped: unknown): Part => {
  if (isConfig(wrapped)) return wrapped
  if (!isRecord(wrapped) || !Object.values(wrapped).some(isConfig)) return Effect.succeed(wrapped)
  return Effect.all(Object.fromEntries(Object.entries(wrapped).map(([name, part]) => [name, unwrap(part)])))
}

/** The layer of the options that a configuration holds; fails with everything that is wrong with either, at once. */
export const layer = <Options extends { readonly name: string }, Services>(
  vendor: string,
  wrapped: Wrap<Options>,
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
    ? fromIssue(cause.issue).map((issue) => ({
        path,
        message: issue.path.length === 0 ? issue.message : `${issue.message}, in ${issue.path.join(".")}`,
      }))
    : [{ path, message: "Expected a configuration that can be read" }]
