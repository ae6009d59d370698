/** The line of the caller in an error: what an error from a fiber does not show by itself. */
import * as Effect from "effect/Effect"

/** A stack that begins at the caller of a function; formatted only where it is read. */
export interface Frame {
  readonly stack?: string
}

/** Returns the stack above a function. Empty where the runtime does not tell. */
export const above = (callee: (...args: never) => unknown): Frame => {
  const frame: Frame = {}
  Error.captureStackTrace?.(frame, callee)
  return frame
}

/** Returns the error with the line of the caller; another instance, since several calls may fail with one error. */
export const add = (error: unknown, { stack }: Frame): unknown => {
  const at = /^ +(at .+)$/m.exec(stack ?? "")?.[1]
  if (!(error instanceof Error && "guidance" in error) || at === undefined) return error
  const copy = Reflect.construct(error.constructor, [{ ...error }]) as Error
  return Object.defineProperties(copy, {
    at: { value: at },
    stack: { value: `${copy.name}: ${copy.message}\n    ${at}`, configurable: true, writable: true },
  })
}

/** Returns what `run` returns, and throws what it throws with the line of the caller of `callee`. */
export const thrown = <A>(callee: (...args: never) => unknown, run: Effect.Effect<A, unknown>): A => {
  const frame = above(callee)
  try {
    return Effect.runSync(run)
  } catch (error) {
    throw add(error, frame)
  }
}
