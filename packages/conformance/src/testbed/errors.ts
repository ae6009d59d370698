/** Errors as laws and attacks expect them. */
import { RetlError } from "@openretl/core/RetlError"
import { TriggerIndeterminate } from "@openretl/core/Trigger"

/** Returns the error as a `RetlError`. Throws, which breaks the law, when it is anything else. */
export const requireRetlError = (error: unknown): RetlError => {
  if (error instanceof RetlError) return error
  throw new Error(`expected a RetlError, found ${String(error)}`)
}

/** Returns the tag of the reason of a `RetlError`. Throws when the error is anything else. */
export const reasonTag = (error: unknown): string => requireRetlError(error).reason._tag

/** Returns the error as a `TriggerIndeterminate`. Throws, which breaks the law, when it is anything else. */
export const requireIndeterminate = (error: unknown): TriggerIndeterminate => {
  if (error instanceof TriggerIndeterminate) return error
  throw new Error(`expected a TriggerIndeterminate, found ${String(error)}`)
}

/**
 * Expects the error of a trigger whose answer was lost and that provably started nothing: with `delivery: "refused"`.
 * Throws, which breaks the law, when the error is anything else.
 */
export const requireNotStarted = (error: unknown): RetlError => {
  const notStarted = requireRetlError(error)
  if (notStarted.delivery === "refused") return notStarted
  throw new Error(`expected a trigger that provably started nothing, found ${notStarted.delivery}`)
}

/** Returns the paths of the fields that an `InvalidRequest` names, as in `ids.sync`; or the tag of another reason. */
export const invalidPaths = (error: unknown): ReadonlyArray<string> | string => {
  const { reason } = requireRetlError(error)
  return reason._tag === "InvalidRequest" ? reason.issues.map(({ path }) => path.join(".")) : reason._tag
}

/**
 * Returns the first names of the paths that an `InvalidRequest` names, as in `schedule`; nothing for another reason.
 */
export const invalidFields = (error: unknown): ReadonlyArray<PropertyKey | undefined> => {
  const { reason } = requireRetlError(error)
  return reason._tag === "InvalidRequest" ? reason.issues.map(({ path }) => path[0]) : []
}

/** Whether a caller can act on the error: it has a tag, as every error of core has, and is not a defect. */
export const isTaggedError = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "_tag" in error && typeof error._tag === "string"
