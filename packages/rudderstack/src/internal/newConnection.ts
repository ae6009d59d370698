/** A connection that is to be, checked: its fields and the rules between them at once, though a schema stops at the first. */

import * as Reader from "@openretl/core/driver/Reader"
import * as Schemas from "@openretl/core/driver/schema/Reader"
import type { FieldIssue } from "@openretl/core/FieldIssue"
import * as Result from "effect/Result"
import * as ConnectionsApi from "../RudderStackConnectionsApi.ts"

export const check = (
  request: unknown,
): Result.Result<ConnectionsApi.CreateConnectionRequest, ReadonlyArray<FieldIssue>> =>
  Result.mapError(Reader.read(whole, request), (issues) => {
    const ofFields = Reader.problems(fields, request)
    return ofFields.length === 0 ? issues : [...ofFields, ...broken(request)]
  })

const whole = Schemas.request(ConnectionsApi.CreateConnectionRequest)
const fields = Schemas.request(ConnectionsApi.createFields)
const outline = Schemas.answer(ConnectionsApi.Outline)

const broken = (request: unknown): ReadonlyArray<FieldIssue> => {
  const read = Reader.orUndefined(outline, request)
  return read === undefined
    ? []
    : ConnectionsApi.brokenRules(read).map(({ path, issue }) => ({ path: path.map(String), message: issue }))
}
