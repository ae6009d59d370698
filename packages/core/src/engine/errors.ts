/** The errors of one workspace, and what turns into them: input that is wrong, and records that cannot be decoded. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Unreadable } from "../journal/Journal.ts"
import * as FieldIssue from "../model/FieldIssue.ts"
import * as Input from "../model/Input.ts"
import { JournalError, UnreadableRecord } from "../model/JournalError.ts"
import { InvalidRequest, JournalFailed, type Reason } from "../model/Reason.ts"
import type { RunRef, SyncRef } from "../model/Ref.ts"
import { RetlError } from "../model/RetlError.ts"

/** Makes every error of an operation be about a ref, where the caller passed one. */
export const about =
  (ref: SyncRef | RunRef | undefined) =>
  <A, E, R>(operation: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.mapError(operation, aboutRef(ref))

/** As `about`, of one error. */
export const aboutRef =
  (ref: SyncRef | RunRef | undefined) =>
  <E>(error: E): E =>
    error instanceof RetlError ? (error.about(ref) as E & RetlError) : error

/** The errors of one workspace. */
export interface Errors {
  /** Returns an error of this workspace; nothing was sent unless `delivery` says otherwise. */
  readonly error: (operation: string, reason: Reason, delivery?: RetlError["delivery"], text?: string) => RetlError
  /** Decodes what a caller passes. Fails with every problem, with `path` in front, before anything is sent. */
  readonly decodeInput: <A>(
    operation: string,
    schema: Schema.ConstraintDecoder<A>,
    value: unknown,
    path?: ReadonlyArray<string>,
    options?: Input.DecoderOptions,
  ) => Effect.Effect<A, RetlError>
  /** Returns the error for a record of the journal that this version cannot decode. */
  readonly unreadableRecord: (operation: string, record: Unreadable) => RetlError
}

export const make = (workspace: string, vendor: string): Errors => {
  const error: Errors["error"] = (operation, reason, delivery = "not-sent", text) =>
    new RetlError({
      workspace,
      vendor,
      operation,
      reason,
      delivery,
      evidence: text === undefined ? {} : { text },
      attempts: delivery === "not-sent" ? 0 : 1,
      exhausted: false,
    })
  return {
    error,
    decodeInput: (operation, schema, value, path = [], options = {}) =>
      Effect.suspend(() => {
        const decoded = Input.decoder(schema, options)(value)
        return Result.isSuccess(decoded)
          ? Effect.succeed(decoded.success)
          : Effect.fail(error(operation, new InvalidRequest({ issues: FieldIssue.within(path, decoded.failure) })))
      }),
    unreadableRecord: (operation, { id, why }) => {
      const reason = new UnreadableRecord({ id, why })
      return error(operation, new JournalFailed({ error: new JournalError({ store: "journal", operation, reason }) }))
    },
  }
}
