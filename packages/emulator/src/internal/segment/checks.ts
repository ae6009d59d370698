/** Segment's strictness about what it is sent: media types and bodies, every problem at once. */

import type { SegmentSwitches } from "../../SegmentSwitches.ts"
import type { Settings } from "../../Switch.ts"
import type { Incoming } from "../incoming.ts"
import type { Reply } from "../reply.ts"
import { badRequest, failure, type Problem } from "./wire.ts"

type Chosen = Settings<SegmentSwitches>
type Body = Readonly<Record<string, unknown>> | undefined

const jsonTypes = new Set(["application/json", "application/vnd.segment.v1alpha+json"])

const mediaTypes = (header: string): ReadonlyArray<string> =>
  header.split(",").map((part) => (part.split(";")[0] ?? "").trim().toLowerCase())

/** A refusal for a request that accepts nothing this alpha endpoint can answer with. */
export const accept = (set: Chosen, incoming: Incoming): Reply | undefined => {
  const header = incoming.header("accept")
  if (header === undefined || set.acceptV1 === "answered") return undefined
  const fits = mediaTypes(header).some((type) => type === "*/*" || type === "application/*" || jsonTypes.has(type))
  if (fits) return undefined
  return set.acceptV1 === "404"
    ? failure(404, { type: "not-found", message: "Not found.", data: null })
    : failure(406, { type: "not-acceptable", message: "Not acceptable." })
}

export const invalid = (field: string, problem: string): Reply => failure(422, problemOf(field, problem))

export const outOfRange = (field: string, min: number, max: number): Reply =>
  invalid(field, `must be a number from ${min} to ${max}`)

const problemOf = (field: string, problem: string): Problem => ({
  type: "input-validation",
  message: `"${field}" ${problem}`,
  field,
})

/** The body of a trigger: three ids, all required. */
export const start = (set: Chosen, incoming: Incoming, body: Body): Reply | undefined => {
  const names = ["sourceId", "modelId", "subscriptionId"]
  return (
    unreadable(incoming, body) ??
    refuse(set, body, names, (value) => {
      if (value === undefined) return "is required"
      if (typeof value !== "string") return "must be a string"
      return value === "" ? "is not allowed to be empty" : undefined
    })
  )
}

/** The body of a cancel: required, its one field optional. */
export const cancel = (set: Chosen, incoming: Incoming, body: Body): Reply | undefined =>
  unreadable(incoming, body) ??
  refuse(set, body, ["reasonForCanceling"], (value) =>
    value === undefined || typeof value === "number" ? undefined : "must be a number",
  )

const unreadable = (incoming: Incoming, body: Body): Reply | undefined => {
  const [type = ""] = mediaTypes(incoming.header("content-type") ?? "")
  if (!jsonTypes.has(type)) return badRequest(`Unsupported content type '${type}'.`)
  return body === undefined ? badRequest("The body is not a JSON object.") : undefined
}

const refuse = (
  set: Chosen,
  body: Body,
  names: ReadonlyArray<string>,
  check: (value: unknown) => string | undefined,
): Reply | undefined => {
  const problems: Array<Problem> = []
  for (const name of names) {
    const problem = check(body?.[name])
    if (problem !== undefined) problems.push(problemOf(name, problem))
  }
  if (set.unknownField === "422") {
    for (const name of Object.keys(body ?? {})) {
      if (!names.includes(name)) problems.push(problemOf(name, "is not allowed"))
    }
  }
  return problems.length === 0 ? undefined : failure(422, ...problems)
}
