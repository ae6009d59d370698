/** What Zeotap makes of the body of a create and of an update: the first problem of it, in words, or what it says. */
import * as Cron from "effect/Cron"
import * as Result from "effect/Result"
import type { Settings } from "../../Switch.ts"
import type { ZeotapSwitches } from "../../ZeotapSwitches.ts"

export type Body = Readonly<Record<string, unknown>>

/** What a request says of a sync. A schedule of null takes it away. */
export interface Said {
  readonly name?: string
  readonly model?: string
  readonly destination?: string
  readonly schedule?: string | null
  readonly state?: "enabled" | "paused"
  readonly attributes: Body
}

interface Known {
  readonly models: ReadonlyMap<string, unknown>
  readonly destinations: ReadonlyMap<string, unknown>
}

const required = ["name", "model_id", "destination_id", "field_mapping", "sync_mode", "primary_key"]

export const read = (body: Body, known: Known, set: Settings<ZeotapSwitches>, isNew: boolean): Said | string => {
  const schedule = isNew ? (body["schedule"] ?? "") : cleared(set, body["schedule"])
  const problem = (isNew ? missing(body) : undefined) ?? unfit(body, known, isNew) ?? unfitSchedule(schedule)
  if (problem !== undefined) return problem
  const status = isNew ? undefined : body["status"]
  return {
    ...(typeof body["name"] === "string" && { name: body["name"] }),
    ...(typeof body["model_id"] === "string" && { model: body["model_id"] }),
    ...(typeof body["destination_id"] === "string" && { destination: body["destination_id"] }),
    ...(typeof schedule === "string" && { schedule: schedule === "" ? null : schedule }),
    ...(status !== undefined && { state: status === "active" ? "enabled" : "paused" }),
    attributes: Object.fromEntries(shown.filter((key) => body[key] !== undefined).map((key) => [key, body[key]])),
  }
}

/** What is shown as it was sent. */
const shown = ["description", "field_mapping", "sync_mode", "primary_key", "config"]

const isText = (value: unknown): value is string => typeof value === "string" && value !== ""

const missing = (body: Body): string | undefined => {
  const key = required.find((name) => body[name] === undefined || body[name] === null || body[name] === "")
  return key === undefined ? undefined : `${key} is required`
}

const modes: ReadonlyArray<unknown> = ["upsert", "insert", "update", "mirror"]

const unfit = (body: Body, { models, destinations }: Known, isNew: boolean): string | undefined => {
  const has = (key: string) => body[key] !== undefined
  for (const key of ["name", "primary_key"]) if (has(key) && !isText(body[key])) return `${key} must not be empty`
  if (has("description") && typeof body["description"] !== "string") return "description must be a string"
  if (has("model_id") && !models.has(String(body["model_id"]))) return "model_id: model not found"
  if (has("destination_id") && !destinations.has(String(body["destination_id"]))) {
    return "destination_id: destination not found"
  }
  if (has("sync_mode") && !modes.includes(body["sync_mode"])) return "unsupported sync_mode"
  if (has("config") && !isObject(body["config"])) return "config must be an object"
  if (has("status") && !isNew && body["status"] !== "active" && body["status"] !== "paused") return "unsupported status"
  return has("field_mapping") ? unfitMapping(body["field_mapping"]) : undefined
}

const isObject = (value: unknown): value is Body => typeof value === "object" && value !== null && !Array.isArray(value)

const unfitMapping = (mapping: unknown): string | undefined => {
  if (!Array.isArray(mapping) || mapping.length === 0) return "field_mapping must have at least one entry"
  const isFit = mapping.every(
    (entry) => isObject(entry) && isText(entry["source_column"]) && isText(entry["destination_field"]),
  )
  return isFit ? undefined : "field_mapping entries need source_column and destination_field"
}

const unfitSchedule = (schedule: unknown): string | undefined => {
  if (schedule === undefined || schedule === "") return undefined
  const isFit =
    typeof schedule === "string" &&
    schedule.trim().split(/\s+/).length === 5 &&
    Result.isSuccess(Cron.parse(schedule, "UTC"))
  return isFit ? undefined : "invalid schedule: expected a cron expression"
}

/** What an update says of the schedule: `""` takes it away, undefined leaves it alone, null is none at all. */
const cleared = (set: Settings<ZeotapSwitches>, schedule: unknown): unknown => {
  if (schedule !== "" && schedule !== null) return schedule
  if (set.scheduleClear === "either") return ""
  const [clears, otherwise] = set.scheduleClear.split("/")
  if (clears === (schedule === null ? "null" : "empty")) return ""
  return otherwise === "ignored" ? undefined : null
}
