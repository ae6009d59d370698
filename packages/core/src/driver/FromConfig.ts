/**
 * Options from the configuration, read part by part: a part that cannot be read hides no other problem. A variable that is not
 * set is another problem than one with a wrong value.
 */
import type * as Config from "effect/Config"
import type * as ConfigProvider from "effect/ConfigProvider"
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
  /** One issue for each variable that could not be read. */
  readonly issues: ReadonlyArray<FieldIssue>
  /** The variables that each part was read from, by its name. */
  readonly variables: ReadonlyMap<string | undefined, ReadonlyArray<string>>
}

/** Reads options from the configuration. An issue has the name of a part and of its variable, and never a value. */
export const read = Effect.fnUntraced(function* <Options extends object>(
  wrapped: Wrap<Options>,
): Effect.fn.Return<Read> {
  const loads: Loads = new Map()
  if (isConfig(wrapped)) {
    const options = yield* Effect.result(recorded(wrapped, loads))
    return Result.isFailure(options)
      ? { options: {}, issues: toIssues([], options.failure, loads), variables: new Map() }
      : { options: Object(options.success), issues: [], variables: new Map() }
  }
  const options: Array<readonly [name: string, value: unknown]> = []
  const issues: Array<FieldIssue> = []
  const variables = new Map<string | undefined, ReadonlyArray<string>>()
  for (const [name, part] of partsOf(wrapped)) {
    loads.clear()
    const value = yield* Effect.result(unwrap(part, loads))
    if (Result.isFailure(value)) issues.push(...toIssues([name], value.failure, loads))
    else if (value.success !== undefined) options.push([name, value.success])
    variables.set(name, [...loads.keys()])
  }
  // A part may have any name, `__proto__` among them.
  return { options: Object.fromEntries(options), issues, variables }
})

/** What a configuration had at the variables that were read, by their names. */
type Loads = Map<string, ConfigProvider.Node | undefined>

const variableAt = (path: ReadonlyArray<string | number>): string => path.join(".")

/** Returns the same config, which also records what it reads. Its `parse` gets the provider of its surroundings. */
const recorded = (config: Part, loads: Loads): Part =>
  Object.create(config, {
    parse: {
      value: (provider: ConfigProvider.ConfigProvider) =>
        config.parse(
          Object.create(provider, {
            load: {
              value: (path: ConfigProvider.Path) =>
                Effect.map(provider.load(path), (node) => {
                  loads.set(variableAt(path), node)
                  return node
                }),
            },
          }),
        ),
    },
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

type Part = Config.Config<unknown>

const isRecord = (value: unknown): value is object =>
  Predicate.isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value))

/**
 * Reads a config, or a record of configs. Every other value stands for itself, such as a token that is an effect, or a
 * record that cannot be read.
 */
const unwrap = (wrapped: unknown, loads: Loads): Effect.Effect<unknown, Config.ConfigError> => {
  if (isConfig(wrapped)) return recorded(wrapped, loads)
  const parts = isRecord(wrapped) ? partsOf(wrapped) : []
  if (!parts.some(([, part]) => isConfig(part))) return Effect.succeed(wrapped)
  return Effect.map(
    Effect.forEach(parts, ([name, part]) => Effect.map(unwrap(part, loads), (value) => [name, value] as const)),
    Object.fromEntries,
  )
}

/**
 * Returns issues as in `region: Expected "us" | "eu", in RUDDERSTACK_REGION`, one for each variable. No message holds a value.
 */
const toIssues = (
  path: ReadonlyArray<string>,
  { cause }: Config.ConfigError,
  loads: Loads,
): ReadonlyArray<FieldIssue> => {
  if (cause._tag !== "SchemaError") return [{ path, message: "Expected a configuration that can be read" }]
  const messages = new Map<string, string>()
  for (const { path: at, message } of fromSchemaIssue(cause.issue)) {
    const variable = variableAt(at)
    if (messages.has(variable)) continue
    if (variable === "") messages.set(variable, message)
    else messages.set(variable, isUnset(variable, loads) ? notSet(variable) : `${message}, in ${variable}`)
  }
  return [...messages.values()].map((message) => ({ path, message }))
}

/** Returns whether a variable was read and has nothing. Providers take an empty text for nothing. */
const isUnset = (variable: string, loads: Loads): boolean => {
  const node = loads.get(variable)
  return loads.has(variable) && (node === undefined || (node._tag === "Value" && node.value === undefined))
}

const notSet = (variable: string): string => `Expected a value in ${variable}, which is not set, or empty`
