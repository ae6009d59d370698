/**
 * Schemas as readers, for adapters that describe a vendor's requests and answers with `effect/Schema`; and readers as
 * schemas, where a schema needs what a reader already knows.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import type { FieldIssue } from "../FieldIssue.ts"
import * as Reader from "../Reader.ts"
import { fromSchemaError } from "./FieldIssue.ts"

const readerOf = <S extends Schema.ConstraintDecoder<unknown>>(
  schema: S,
  onExcessProperty: "error" | "ignore",
): Reader.Reader<S["Type"]> => {
  const decode = Schema.decodeUnknownResult(schema, { errors: "all", onExcessProperty })
  return (value, issues) => {
    const decoded = decode(value)
    if (Result.isSuccess(decoded)) return decoded.success
    for (const issue of fromSchemaError(decoded.failure)) issues.push(issue)
    return undefined
  }
}

/** Reads what a vendor answers: what else it holds is dropped. */
export const answer = <S extends Schema.ConstraintDecoder<unknown>>(schema: S): Reader.Reader<S["Type"]> =>
  readerOf(schema, "ignore")

/** Reads what is asked for: what else it holds is an issue. */
export const request = <S extends Schema.ConstraintDecoder<unknown>>(schema: S): Reader.Reader<S["Type"]> =>
  readerOf(schema, "error")

/** What a reader reads, as a schema; what was read is written as it is. */
export const toSchema = <A>(reader: Reader.Reader<A>): Schema.Codec<A, unknown> =>
  Schema.Unknown.pipe(
    Schema.decodeTo(
      Schema.declare((value): value is A => Result.isSuccess(Reader.read(reader, value))),
      {
        decode: SchemaGetter.transformEffect((value: unknown) => {
          const read = Reader.read(reader, value)
          return Result.isSuccess(read) ? Effect.succeed(read.success) : Effect.fail(toIssue(read.failure))
        }),
        encode: SchemaGetter.transform((value: A): unknown => value),
      },
    ),
  )

const toIssue = (issues: ReadonlyArray<FieldIssue>): SchemaIssue.Issue => {
  const [first, ...rest] = issues.map(
    ({ path, message }) => new SchemaIssue.Pointer(path, new SchemaIssue.InvalidValue({ message })),
  )
  return first === undefined
    ? new SchemaIssue.InvalidValue()
    : new SchemaIssue.Composite(Schema.Unknown.ast, [first, ...rest])
}
