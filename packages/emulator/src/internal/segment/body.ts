/** Checks of a body's fields, every problem at once: the field's path with dots, and its last part quoted. */
import type { Problem } from "./wire.ts"

export type Check = (value: unknown, path: ReadonlyArray<string>) => ReadonlyArray<Problem>

/** A check and whether its field must be there. */
export interface Rule {
  readonly check: Check
  readonly required: boolean
}

export const field = (path: ReadonlyArray<string>, problem: string): Problem => ({
  type: "input-validation",
  message: `"${path.at(-1) ?? "value"}" ${problem}`,
  field: path.join("."),
})

export const required = (check: Check): Rule => ({ check, required: true })
export const optional = (check: Check): Rule => ({ check, required: false })

export const text: Check = (value, path) => (typeof value === "string" ? [] : [field(path, "must be a string")])

export const textUpTo =
  (max: number): Check =>
  (value, path) =>
    typeof value === "string" && value.length > max
      ? [field(path, `length must be less than or equal to ${max} characters long`)]
      : text(value, path)

export const textOrNull: Check = (value, path) => (value === null ? [] : text(value, path))

export const id: Check = (value, path) =>
  value === "" ? [field(path, "is not allowed to be empty")] : textUpTo(255)(value, path)

export const flag: Check = (value, path) => (typeof value === "boolean" ? [] : [field(path, "must be a boolean")])

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const record: Check & { readonly holds: typeof isRecord } = Object.assign<Check, { holds: typeof isRecord }>(
  (value, path) => (isRecord(value) ? [] : [field(path, "must be an object")]),
  { holds: isRecord },
)

/** The problems of a whole object: fields that are missing, wrong, or (where that is refused) not known. */
export const problems = (
  value: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, Rule>>,
  refuseUnknown: boolean,
  path: ReadonlyArray<string> = [],
): ReadonlyArray<Problem> => [
  ...Object.entries(rules).flatMap(([name, rule]) => {
    if (value[name] !== undefined) return rule.check(value[name], [...path, name])
    return rule.required ? [field([...path, name], "is required")] : []
  }),
  ...Object.keys(value)
    .filter((name) => refuseUnknown && !Object.hasOwn(rules, name))
    .map((name) => field([...path, name], "is not allowed")),
]
