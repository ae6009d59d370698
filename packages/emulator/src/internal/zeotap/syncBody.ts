/** The bodies of creates and updates of syncs: their first problem, or their fields. */
import type { Settings } from "../../Switch.ts"
import type { ZeotapSwitches } from "../../ZeotapSwitches.ts"
import { scheduleOfUpdate, scheduleProblem } from "./schedule.ts"

export type Body = Readonly<Record<string, unknown>>

/** The fields of a body. A schedule of `null` clears the sync's schedule. */
export interface SyncFields {
  readonly name?: string
  readonly model?: string
  readonly destination?: string
  readonly schedule?: string | null
  readonly state?: "enabled" | "paused"
  readonly attributes: Body
}

/** The parts that a body may name, by their ids. */
interface Parts {
  readonly models: ReadonlyMap<string, unknown>
  readonly destinations: ReadonlyMap<string, unknown>
}

/** Decodes the body of a create (`isCreate`) or an update. Returns its first problem as a text. */
export const decodeSyncBody = (
  body: Body,
  parts: Parts,
  switches: Settings<ZeotapSwitches>,
  isCreate: boolean,
): SyncFields | string => {
  const schedule = isCreate ? (body["schedule"] ?? "") : scheduleOfUpdate(switches, body["schedule"])
  const problem =
    (isCreate ? missingFieldProblem(body) : undefined) ??
    fieldProblem(body, parts, isCreate) ??
    scheduleProblem(schedule)
  if (problem !== undefined) return problem
  const status = isCreate ? undefined : body["status"]
  return {
    ...(typeof body["name"] === "string" && { name: body["name"] }),
    ...(typeof body["model_id"] === "string" && { model: body["model_id"] }),
    ...(typeof body["destination_id"] === "string" && { destination: body["destination_id"] }),
    ...(typeof schedule === "string" && { schedule: schedule === "" ? null : schedule }),
    ...(status !== undefined && { state: status === "active" ? "enabled" : "paused" }),
    attributes: Object.fromEntries(
      attributeNames.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]),
    ),
  }
}

/** Fields that reads show unchanged. */
export const attributeNames = ["description", "field_mapping", "sync_mode", "primary_key", "config"]

const isText = (value: unknown): value is string => typeof value === "string" && value !== ""

const requiredFields = ["name", "model_id", "destination_id", "field_mapping", "sync_mode", "primary_key"]

const missingFieldProblem = (body: Body): string | undefined => {
  const missing = requiredFields.find((name) => body[name] === undefined || body[name] === null || body[name] === "")
  return missing === undefined ? undefined : `${missing} is required`
}

const syncModes: ReadonlyArray<unknown> = ["upsert", "insert", "update", "mirror"]

const fieldProblem = (body: Body, { models, destinations }: Parts, isCreate: boolean): string | undefined => {
  const has = (name: string) => body[name] !== undefined
  for (const name of ["name", "primary_key"]) if (has(name) && !isText(body[name])) return `${name} must not be empty`
  if (has("description") && typeof body["description"] !== "string") return "description must be a string"
  if (has("model_id") && !models.has(String(body["model_id"]))) return "model_id: model not found"
  if (has("destination_id") && !destinations.has(String(body["destination_id"]))) {
    return "destination_id: destination not found"
  }
  if (has("sync_mode") && !syncModes.includes(body["sync_mode"])) return "unsupported sync_mode"
  if (has("config") && !isObject(body["config"])) return "config must be an object"
  if (has("status") && !isCreate && body["status"] !== "active" && body["status"] !== "paused") {
    return "unsupported status"
  }
  return has("field_mapping") ? mappingProblem(body["field_mapping"]) : undefined
}

const isObject = (value: unknown): value is Body => typeof value === "object" && value !== null && !Array.isArray(value)

const mappingProblem = (mapping: unknown): string | undefined => {
  if (!Array.isArray(mapping) || mapping.length === 0) return "field_mapping must have at least one entry"
  const isValid = mapping.every(
    (entry) => isObject(entry) && isText(entry["source_column"]) && isText(entry["destination_field"]),
  )
  return isValid ? undefined : "field_mapping entries need source_column and destination_field"
}
