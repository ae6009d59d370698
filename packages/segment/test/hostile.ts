/** What is given to the client by those who mean harm, and what must not come of it. */
import { inspect } from "node:util"
import { RetlError } from "@openretl/core/RetlError"
import { Cause, Exit, Schema } from "effect"

/** JSON that is deeper than recursion goes. */
export const nested = `${"[".repeat(50_000)}${"]".repeat(50_000)}`

/** Everything in which a value could show itself. */
export const shown = (value: unknown): string =>
  [
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    JSON.stringify(value),
    String(value),
    value instanceof Error ? `${value.stack} ${value.message} ${inspect(value.cause)}` : "",
  ].join("\n")

/** Ends as a value or as a `RetlError`; anything else is a defect. */
export const isTyped = (exit: Exit.Exit<unknown, RetlError>): boolean =>
  Exit.isSuccess(exit) ||
  exit.cause.reasons.every((reason) => Cause.isFailReason(reason) && reason.error instanceof RetlError)

const nasty = [
  "../",
  "..",
  ".",
  "a/../../b",
  "?x=1",
  "#",
  "a\nHost: evil",
  "%2e%2e",
  "\\..\\",
  "@evil.example",
  "é😀",
  "\u0000",
  " ",
  "//evil.example",
]
/** Text that is an attack on a path, or any other. */
export const id = Schema.Union([Schema.Literals(nasty), Schema.String])
