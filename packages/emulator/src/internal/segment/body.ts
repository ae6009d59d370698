/** Checks of request bodies. They collect every problem, each with the path of its field. */
import type { IncomingRequest } from "../../kit/IncomingRequest.ts"
import type { Reply } from "../../kit/Reply.ts"
import * as Media from "./media.ts"
import { failure, type Problem, type SwitchSettings } from "./wire.ts"

export type Body = Readonly<Record<string, unknown>>

/** Returns the problems of a value at a path. */
export type Check = (value: unknown, path: ReadonlyArray<string>) => ReadonlyArray<Problem>

/** The check of one field, and whether the field is required. */
export interface Rule {
  readonly check: Check
  readonly isRequired: boolean
}

/** Creates a problem of the field at a path: the path has dots, the message quotes its last part. */
export const fieldProblem = (path: ReadonlyArray<string>, problem: string): Problem => ({
  type: "input-validation",
  message: `"${path.at(-1) ?? "value"}" ${problem}`,
  field: path.join("."),
})

export const required = (check: Check): Rule => ({ check, isRequired: true })
export const optional = (check: Check): Rule => ({ check, isRequired: false })

export const text: Check = (value, path) => (typeof value === "string" ? [] : [fieldProblem(path, "must be a string")])

export const textUpTo =
  (max: number): Check =>
  (value, path) =>
    typeof value === "string" && value.length > max
      ? [fieldProblem(path, `length must be less than or equal to ${max} characters long`)]
      : text(value, path)

export const textOrNull: Check = (value, path) => (value === null ? [] : text(value, path))

export const id: Check = (value, path) =>
  value === "" ? [fieldProblem(path, "is not allowed to be empty")] : textUpTo(255)(value, path)

export const boolean: Check = (value, path) =>
  typeof value === "boolean" ? [] : [fieldProblem(path, "must be a boolean")]

export const number: Check = (value, path) =>
  typeof value === "number" ? [] : [fieldProblem(path, "must be a number")]

export const isRecord = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const record: Check = (value, path) => (isRecord(value) ? [] : [fieldProblem(path, "must be an object")])

/** Returns the problems of an object: fields that are missing, wrong, or unknown where `refusesUnknown`. */
export const problemsOf = (
  value: Body,
  rules: Readonly<Record<string, Rule>>,
  refusesUnknown: boolean,
  path: ReadonlyArray<string> = [],
): ReadonlyArray<Problem> => [
  ...Object.entries(rules).flatMap(([name, rule]) => {
    if (value[name] !== undefined) return rule.check(value[name], [...path, name])
    return rule.isRequired ? [fieldProblem([...path, name], "is required")] : []
  }),
  ...Object.keys(value)
    .filter((name) => refusesUnknown && !Object.hasOwn(rules, name))
    .map((name) => fieldProblem([...path, name], "is not allowed")),
]

/** Refuses a body of another media type, one that is not a JSON object, and one with problems, naming all of them. */
export const bodyRefusal = (
  switches: SwitchSettings,
  request: IncomingRequest,
  body: Body | undefined,
  rules: Readonly<Record<string, Rule>>,
  media: Media.MediaTypes,
): Reply | undefined => {
  const refusal = Media.contentRefusal(request, body, media)
  if (refusal !== undefined) return refusal
  const problems = problemsOf(body ?? {}, rules, switches.unknownField === "422")
  return problems.length === 0 ? undefined : failure(422, ...problems)
}
