/** Naming a sync in code by its vendor ids. A sync in its text form is read with `Ref.parseSync`. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as FieldIssue from "./FieldIssue.ts"
import { InvalidRequest } from "./Reason.ts"
import { SyncRef, type VendorIds } from "./Ref.ts"
import { RetlError } from "./RetlError.ts"

const decode = Schema.decodeUnknownResult(SyncRef, { errors: "all" })

/** The ref of a sync; fails with `InvalidRequest`, a field each, where the name or an id cannot be one. */
export const sync = (vendor: string, workspace: string, ids: VendorIds): Effect.Effect<SyncRef, RetlError> => {
  const made = decode({ workspace, vendor, ids })
  return Result.isSuccess(made)
    ? Effect.succeed(made.success)
    : Effect.fail(
        RetlError.notSent({
          workspace: typeof workspace === "string" ? workspace : "",
          vendor,
          operation: "syncRef",
          reason: new InvalidRequest({ issues: FieldIssue.fromSchemaError(made.failure) }),
        }),
      )
}
