/** Naming a sync in code by its vendor ids. A sync in its text form is read with `Ref.parseSync`. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Reader from "./Reader.ts"
import { InvalidRequest } from "./Reason.ts"
import { type SyncRef, syncRef, type VendorIds } from "./Ref.ts"
import { RetlError } from "./RetlError.ts"

/** The ref of a sync; fails with `InvalidRequest`, a field each, where the name or an id cannot be one. */
export const sync = (vendor: string, workspace: string, ids: VendorIds): Effect.Effect<SyncRef, RetlError> => {
  const made = Reader.read(syncRef, { workspace, vendor, ids })
  return Result.isSuccess(made)
    ? Effect.succeed(made.success)
    : Effect.fail(
        RetlError.notSent({
          workspace: typeof workspace === "string" ? workspace : "",
          vendor,
          operation: "syncRef",
          reason: new InvalidRequest({ issues: made.failure }),
        }),
      )
}
