/** A connection that is to be, checked: its fields and the rules between them at once, though a schema stops at the first. */
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as ConnectionsApi from "../RudderStackConnectionsApi.ts"

export const check = (
  request: unknown,
): Result.Result<ConnectionsApi.CreateConnectionRequest, ReadonlyArray<FieldIssue.FieldIssue>> =>
  Result.mapError(
    Schema.decodeUnknownResult(ConnectionsApi.CreateConnectionRequest, strict)(request),
    (error): ReadonlyArray<FieldIssue.FieldIssue> => {
      const fields = Schema.decodeUnknownResult(ConnectionsApi.createFields, strict)(request)
      if (Result.isSuccess(fields)) return FieldIssue.fromSchemaError(error)
      return [...FieldIssue.fromSchemaError(fields.failure), ...broken(request)]
    },
  )

const strict = { errors: "all", onExcessProperty: "error" } as const

const broken = (request: unknown): ReadonlyArray<FieldIssue.FieldIssue> => {
  const read = Schema.decodeUnknownResult(ConnectionsApi.Outline)(request)
  return Result.isFailure(read)
    ? []
    : ConnectionsApi.brokenRules(read.success).map(({ path, issue }) => ({ path: path.map(String), message: issue }))
}
