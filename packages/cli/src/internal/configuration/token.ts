/** Where a workspace's token is: in an environment variable that the file names. */
import * as CoreOptions from "@openretl/core/driver/Options"
import type * as FieldIssue from "@openretl/core/FieldIssue"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

type Token = CoreOptions.Connection["token"]

const isToken = Schema.is(CoreOptions.connectionFields.token)

/** Names like these are shown in messages. Anything else may be the token itself, and is not. */
const plainName = /^[A-Z][A-Z0-9_]{0,127}$/

const form = '{ "env": "NAME" }, with the name of an environment variable'

/**
 * Returns the token that a workspace names, or what is wrong with it. A message contains no value of the file or of the
 * environment, except the name of a variable in capitals.
 */
export const decode = (raw: unknown, env: Environment): Result.Result<Token, FieldIssue.FieldIssue> => {
  const fail = (message: string, ...path: ReadonlyArray<string>) =>
    Result.fail({ path: ["token", ...path], message: `Expected ${message}` })
  if (typeof raw === "string") return fail(`${form}: a token does not belong in this file`)
  if (!Predicate.isObject(raw)) return fail(raw === undefined ? `${form}: it is missing` : form)
  const excess = Object.keys(raw).filter((name) => name !== "env")
  if (excess.length > 0) return fail("no field of this name", excess[0] ?? "")
  const name: unknown = Reflect.get(raw, "env")
  if (typeof name !== "string" || name === "") return fail("the name of an environment variable", "env")
  const shown = plainName.test(name) ? ` ${name}` : ""
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  if (value === undefined) return fail(`the environment variable${shown} to be set: it is not`, "env")
  if (value === "") return fail(`the environment variable${shown} to have a value: it is empty`, "env")
  const token = Redacted.make(value, { label: "token" })
  return isToken(token)
    ? Result.succeed(token)
    : fail(`a token of printable ASCII without spaces in the environment variable${shown}`, "env")
}
