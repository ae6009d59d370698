/** Errors as laws expect them. */
import { RetlError } from "@openretl/core/RetlError"
import { TriggerIndeterminate } from "@openretl/core/Trigger"

/** The error as core's one outer error; anything else breaks the law. */
export const retl = (error: unknown): RetlError => {
  if (error instanceof RetlError) return error
  throw new Error(`expected a RetlError, found ${String(error)}`)
}

/** The tag of its reason. */
export const reason = (error: unknown): string => retl(error).reason._tag

export const indeterminate = (error: unknown): TriggerIndeterminate => {
  if (error instanceof TriggerIndeterminate) return error
  throw new Error(`expected a TriggerIndeterminate, found ${String(error)}`)
}
