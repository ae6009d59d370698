/**
 * Reading values that come from outside, such as a vendor's answer, all problems at once.
 *
 * A reader does what a schema's decoder does, and no more: it is a function. The operations on runs are read with these
 * rather than with `effect/Schema`, which is a quarter of what a program would ship (decisions/0011). To read with a schema, turn
 * it into a reader: `@openretl/core/driver/schema/Reader`.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import type { FieldIssue } from "./FieldIssue.ts"

type Issues = Array<FieldIssue>

/** Gives the value that was read. Where it adds an issue, with the way from this value, what it gives is not used. */
export type Reader<out A> = (value: unknown, issues: Issues) => A

/** A field that may be absent: it is, where its reader gives nothing. */
export interface Optional<out A> {
  readonly optional: Reader<A | undefined>
}

export type Fields = Readonly<Record<string, Reader<unknown> | Optional<unknown>>>

type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends Optional<unknown> ? K : never }[keyof F]

/** What a struct of these fields gives. Mapped over what is picked, so that the fields keep their comments. */
export type Struct<F extends Fields> = {
  readonly [K in keyof Omit<F, OptionalKeys<F>>]: F[K] extends Reader<infer A> ? A : never
} & {
  readonly [K in keyof Pick<F, OptionalKeys<F>>]?: F[K] extends Optional<infer A> ? A : never
} extends infer S
  ? { readonly [K in keyof S]: S[K] }
  : never

/** A reader that keeps the name of its fields' types, for declarations to refer to. */
export interface StructReader<F extends Fields> extends Reader<Struct<F>> {}

/** What a reader, or an optional field, gives. */
export type Type<R> = R extends Reader<infer A> ? A : R extends Optional<infer A> ? A : never

/** Everything that is wrong with a value. */
export const problems = (reader: Reader<unknown>, value: unknown): ReadonlyArray<FieldIssue> => {
  const issues: Issues = []
  reader(value, issues)
  return issues
}

/** The value, or everything that is wrong with it. */
export const read = <A>(reader: Reader<A>, value: unknown): Result.Result<A, ReadonlyArray<FieldIssue>> => {
  const issues: Issues = []
  const found = reader(value, issues)
  return issues.length === 0 ? Result.succeed(found) : Result.fail(issues)
}

/** The value, or nothing where anything is wrong with it. */
export const orUndefined = <A>(reader: Reader<A>, value: unknown): A | undefined => {
  const issues: Issues = []
  const found = reader(value, issues)
  return issues.length === 0 ? found : undefined
}

/** What a reader gives of a part. Its issues, the latest ones, are told from the whole. */
const part = <A>(reader: Reader<A>, value: unknown, issues: Issues, name: string): A => {
  const before = issues.length
  const found = reader(value, issues)
  for (let i = before; i < issues.length; i++) {
    const { path = [], message = "" } = issues[i] ?? {}
    issues[i] = { path: [name, ...path], message }
  }
  return found
}

/** Of one value, more issues than this are not kept: a body of megabytes may be wrong in all its parts. */
const maxIssues = 100

/** Adds that something else was expected; `expected` completes "Expected ...". */
export const missed = (issues: Issues, expected: string, path: ReadonlyArray<string> = []) => {
  if (issues.length < maxIssues) issues.push({ path, message: `Expected ${expected}` })
}

const isObject = (value: unknown): value is object => Predicate.isObject(value) && !Array.isArray(value)

/** What a guard lets through; `expected` completes "Expected ...". */
export const is =
  <A>(guard: (value: unknown) => value is A, expected: string): Reader<A> =>
  (value, issues) => {
    if (!guard(value)) missed(issues, expected)
    return value as A
  }

/** What a reader gives, where it also passes a test; `expected` completes "Expected ...". */
export const where =
  <A>(reader: Reader<A>, test: (value: A) => boolean, expected: string): Reader<A> =>
  (value, issues) => {
    // In a list of its own: that which was handed over may be full, and says nothing of this value then.
    const own: Issues = []
    const found = reader(value, own)
    if (own.length === 0 && !test(found)) missed(own, expected)
    for (const issue of own) if (issues.length < maxIssues) issues.push(issue)
    return found
  }

export const unknown: Reader<unknown> = (value) => value
export const string = is(Predicate.isString, "string")
export const boolean = is(Predicate.isBoolean, "boolean")
/** Any number but NaN and the infinite ones. */
export const number = is((value): value is number => Number.isFinite(value), "a finite number")

const isoTime = /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d/

const toUtc = (value: unknown): DateTime.Utc | undefined => {
  const isTime =
    DateTime.isDateTime(value) || value instanceof Date || (typeof value === "string" && isoTime.test(value))
  return isTime ? Option.getOrUndefined(Option.map(DateTime.make(value), DateTime.toUtc)) : undefined
}

/** A point in time, a `Date`, or the text of one. */
export const dateTime: Reader<DateTime.Utc> = (value, issues) => {
  const time = toUtc(value)
  if (time === undefined) missed(issues, "a time, as in 2026-09-20T10:00:00Z")
  return time ?? DateTime.makeUnsafe(0)
}

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
  (value, issues) => {
    if (value === null) return null
    const before = issues.length
    const found = reader(value, issues)
    const own = issues[before]
    if (own?.path.length === 0) issues[before] = { path: [], message: `${own.message} | null` }
    return found
  }

export const array =
  <A>(item: Reader<A>): Reader<ReadonlyArray<A>> =>
  (value, issues) => {
    if (Array.isArray(value)) return value.map((one, index) => part(item, one, issues, String(index)))
    missed(issues, "array")
    return []
  }

/** An object whose own values are all read alike. */
export const record =
  <A>(item: Reader<A>): Reader<Readonly<Record<string, A>>> =>
  (value, issues) => {
    if (!isObject(value)) missed(issues, "object")
    return Object.fromEntries(
      Object.entries(isObject(value) ? value : {}).map(([name, one]) => [name, part(item, one, issues, name)]),
    )
  }

/** A field that may be absent or `undefined`; what is there has to fit. */
export const optional = <A>(reader: Reader<A>): Optional<A> => ({
  optional: (value, issues) => (value === undefined ? undefined : reader(value, issues)),
})

/** The same for what callers write: `undefined` is as good as absent to their compiler, too. */
export const asked = <A>(reader: Reader<A>): Optional<A | undefined> => optional<A | undefined>(reader)

/** A field that is left out where it does not fit, so that it cannot spoil the rest. */
export const lenient = <A>(reader: Reader<A>): Optional<A> => ({
  optional: (value) => (value === undefined ? undefined : orUndefined(reader, value)),
})

/** An object with these fields; what else it holds is dropped. */
export const struct = <const F extends Fields>(fields: F): StructReader<F> => {
  const own = Object.entries(fields)
  return (value, issues) => {
    const found: Record<string, unknown> = {}
    if (!isObject(value)) missed(issues, "object")
    else {
      for (const [name, field] of own) {
        const one: unknown = Reflect.get(value, name)
        if (typeof field !== "function") {
          const read = part(field.optional, one, issues, name)
          if (read !== undefined) found[name] = read
        } else if (one !== undefined || name in value) found[name] = part(field, one, issues, name)
        else missed(issues, "a value: it is missing", [name])
      }
    }
    return found as Struct<F>
  }
}

/** The same, for what we are asked rather than told: another field is a mistake, and is named. */
export const exact = <const F extends Fields>(fields: F): StructReader<F> => {
  const known = struct(fields)
  return (value, issues) => {
    const found = known(value, issues)
    for (const name of isObject(value) ? Object.keys(value) : []) {
      if (!Object.hasOwn(fields, name)) missed(issues, "no excess property", [name])
    }
    return found
  }
}
