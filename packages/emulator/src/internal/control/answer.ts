/** One request to the control API, from its path to its answer. */

import * as Input from "@openretl/core/driver/Input"
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Control from "../../Control.ts"
import type { Reason } from "../../ControlError.ts"
import { json, type Reply, withHeaders } from "../../kit/Reply.ts"
import { handlers, type Served } from "./handlers.ts"

/** A request to the control API. */
export interface ControlRequest {
  readonly method: string
  /** The path and the query, as sent. */
  readonly target: string
  readonly body: string
}

/** Whether a request is one to the control API. */
export const isControl = (target: string): boolean => {
  const rest = target.startsWith(Control.path) ? target.slice(Control.path.length) : undefined
  return rest !== undefined && (rest === "" || rest.startsWith("/") || rest.startsWith("?"))
}

export const commandNames = Object.keys(Control.commands) as ReadonlyArray<Control.CommandName>

const decoders = Object.fromEntries(
  Object.entries(Control.commands).map(([name, { input }]) => [name, Input.decoder<unknown>(input)]),
)

/** Carries out the command that a request names. */
export const answer = (served: Served, { method, target, body }: ControlRequest): Effect.Effect<Reply> => {
  const segment = target.slice(Control.path.length).replace(/\?.*$/, "").replace(/^\//, "")
  const name = segment === "" ? "info" : commandNames.find((name) => name === segment)
  if (name === undefined) {
    return Effect.succeed(refusal(404, "unknown-command", `Expected one of ${commandNames.join(", ")}`))
  }
  const { method: expected } = Control.commands[name]
  if (method !== expected) {
    const reply = refusal(405, "unknown-command", `Expected ${expected} for ${name}`)
    return Effect.succeed(withHeaders(reply, { allow: expected }))
  }
  const input = decodeInput(name, body)
  if (Result.isFailure(input)) return Effect.succeed(invalid(input.failure))
  return carryOut(served, name, input.success)
}

type Issues = ReadonlyArray<FieldIssue.FieldIssue>

const decodeInput = (name: Control.CommandName, body: string): Result.Result<unknown, Issues> => {
  const value = parse(body)
  if (value === undefined) return Result.fail([{ path: [], message: "Expected a JSON object as body" }])
  return decoders[name]?.(value) ?? Result.succeed({})
}

/** Parses a body; no body is an empty object. Returns `undefined` for what is not JSON. */
const parse = (body: string): unknown => {
  if (body.trim() === "") return {}
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const carryOut = (served: Served, name: Control.CommandName, input: unknown): Effect.Effect<Reply> => {
  // The decoder of the same command has returned the input.
  const handler: (served: Served, input: never) => Effect.Effect<unknown, { readonly issues: Issues }> = handlers[name]
  return handler(served, input as never).pipe(
    Effect.map((output) => json(200, output)),
    Effect.catch(({ issues }) => Effect.succeed(invalid(issues))),
    Effect.catchCause((cause) => Effect.succeed(refusal(500, "defect", Cause.pretty(cause)))),
  )
}

const invalid = (issues: Issues): Reply => refusal(400, "invalid-input", FieldIssue.toText(issues), issues)

const refusal = (status: number, reason: Reason, message: string, issues: Issues = []): Reply => {
  const body: Control.Refusal = { error: { reason, message, issues } }
  return json(status, body)
}
