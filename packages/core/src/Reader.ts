/**
 * Reading values that come from outside, such as a vendor's answer, all problems at once.
 *
 * A reader does what a schema's decoder does, and no more: it is a function. The operations on runs are read with these
 * rather than with `effect/Schema`, which would double what a program ships (decisions/0011). To read with a schema, turn
 * it into a reader: `@openretl/core/schema/Reader`.
 */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { FieldIssue } from "./FieldIssue.ts"

/** Where in a value something is, outermost first. */
export type Path = ReadonlyArray<string>

/** Gives the value that was read. Where it adds an issue, what it gives is not used. */
export type Reader<out A> = (value: unknown, issues: Array<FieldIssue>, path: Path) => A

/** A field that may be absent: it is, where its reader gives nothing. */
export interface Optional<out A> {
  readonly optional: Reader<A | undefined>
}

export type Fields = Readonly<Record<string, Reader<unknown> | Optional<unknown>>>

/** What a struct of these fields gives. */
export type Struct<F extends Fields> = {
  readonly [K in keyof F as F[K] extends Optional<unknown> ? never : K]: F[K] extends Reader<infer A> ? A : never
} & {
  readonly [K in keyof F as F[K] extends Optional<unknown> ? K : never]?: F[K] extends Optional<infer A> ? A : never
} extends infer S
  ? { readonly [K in keyof S]: S[K] }
  : never

/** What a reader, or an optional field, gives. */
export type Type<R> = R extends Reader<infer A> ? A : R extends Optional<infer A> ? A : never

/** The value, or everything that is wrong with it. */
export const read = <A>(reader: Reader<A>, value: unknown): Result.Result<A, ReadonlyArray<FieldIssue>> => {
  const issues: Array<FieldIssue> = []
  const found = reader(value, issues, [])
  return issues.length === 0 ? Result.succeed(found) : Result.fail(issues)
}

/** Everything that is wrong with a value. */
export const problems = (reader: Reader<unknown>, value: unknown): ReadonlyArray<FieldIssue> => {
  const issues: Array<FieldIssue> = []
  reader(value, issues, [])
  return issues
}

/** The value, or nothing where anything is wrong with it. */
export const orUndefined = <A>(reader: Reader<A>, value: unknown): A | undefined =>
  Result.getOrUndefined(read(reader, value))

const isObject = (value: unknown): value is object => Predicate.isObject(value) && !Array.isArray(value)

/** What a guard lets through; `expected` completes "Expected ...". */
export const is =
  <A>(guard: (value: unknown) => value is A, expected: string): Reader<A> =>
  (value, issues, path) => {
    if (!guard(value)) issues.push({ path, message: `Expected ${expected}` })
    return value as A
  }

/** What a reader gives, where it also passes a test; `expected` completes "Expected ...". */
export const where =
  <A>(reader: Reader<A>, test: (value: A) => boolean, expected: string): Reader<A> =>
  (value, issues, path) => {
    const before = issues.length
    const found = reader(value, issues, path)
    if (issues.length === before && !test(found)) issues.push({ path, message: `Expected ${expected}` })
    return found
  }

export const unknown: Reader<unknown> = (value) => value
export const string = is(Predicate.isString, "string")
export const boolean = is(Predicate.isBoolean, "boolean")
/** Any number but NaN and the infinite ones. */
export const number = is((value): value is number => Number.isFinite(value), "a finite number")

/** A whole number within bounds, both included. */
export const integer = (from: number, to = Number.MAX_SAFE_INTEGER, expected = `a whole number from ${from}`) =>
  is((value): value is number => Number.isSafeInteger(value) && Number(value) >= from && Number(value) <= to, expected)

/** A string that matches. */
export const pattern = (form: RegExp, expected: string): Reader<string> =>
  is((value): value is string => Predicate.isString(value) && form.test(value), expected)

/** One of these values. */
export const literals = <const L extends string | number>(values: ReadonlyArray<L>): Reader<L> =>
  is(
    (value): value is L => values.some((one) => one === value),
    values.map((value) => JSON.stringify(value)).join(" | "),
  )

export const nullable =
  <A>(reader: Reader<A>): Reader<A | null> =>
  (value, issues, path) => {
    if (value === null) return null
    const before = issues.length
    const found = reader(value, issues, path)
    const [own] = issues.slice(before)
    if (own?.path === path) issues[before] = { path, message: `${own.message} | null` }
    return found
  }

export const array =
  <A>(item: Reader<A>): Reader<ReadonlyArray<A>> =>
  (value, issues, path) => {
    if (Array.isArray(value)) return value.map((one, index) => item(one, issues, [...path, String(index)]))
    issues.push({ path, message: "Expected array" })
    return []
  }

/** An object whose own values are all read alike. */
export const record =
  <A>(item: Reader<A>): Reader<Readonly<Record<string, A>>> =>
  (value, issues, path) => {
    if (!isObject(value)) issues.push({ path, message: "Expected object" })
    return Object.fromEntries(
      Object.entries(isObject(value) ? value : {}).map(([name, one]) => [name, item(one, issues, [...path, name])]),
    )
  }

/** A field that may be absent or `undefined`; what is there has to fit. */
export const optional = <A>(reader: Reader<A>): Optional<A> => ({
  optional: (value, issues, path) => (value === undefined ? undefined : reader(value, issues, path)),
})

/** A field that is left out where it does not fit, so that it cannot spoil the rest. */
export const lenient = <A>(reader: Reader<A>): Optional<A> => ({ optional: (value) => orUndefined(reader, value) })

/** An object with these fields; what else it holds is dropped. */
export const struct =
  <const F extends Fields>(fields: F): Reader<Struct<F>> =>
  (value, issues, path) => {
    const found: Record<string, unknown> = {}
    if (!isObject(value)) issues.push({ path, message: "Expected object" })
    else {
      for (const [name, field] of Object.entries(fields)) {
        const at = [...path, name]
        const one: unknown = Reflect.get(value, name)
        if (typeof field !== "function") {
          const read = field.optional(one, issues, at)
          if (read !== undefined) found[name] = read
        } else if (one !== undefined || name in value) found[name] = field(one, issues, at)
        else issues.push({ path: at, message: "Expected a value: it is missing" })
      }
    }
    return found as Struct<F>
  }

/** The same, for what we are asked rather than told: another field is a mistake, and is named. */
export const exact = <const F extends Fields>(fields: F): Reader<Struct<F>> => {
  const known = struct(fields)
  return (value, issues, path) => {
    for (const name of isObject(value) ? Object.keys(value) : []) {
      if (!Object.hasOwn(fields, name)) issues.push({ path: [...path, name], message: "Expected no excess property" })
    }
    return known(value, issues, path)
  }
}
