/** The bodies of creates and updates of connections: their fields, and the vendor's rules about them. */
import { addNested, type Body, type BodyCheck, checkBody, hasProblems, isRecord } from "./body.ts"
import { readSchedule, type Schedule, type ScheduleBounds } from "./schedule.ts"

type Pairs = ReadonlyArray<Readonly<Record<string, string>>>

/** The fields of a connection besides its source and destination, its state and its schedule. */
export interface Attributes {
  readonly externalId?: string
  readonly syncBehaviour: string
  readonly identifiers: Pairs
  readonly mappings?: Pairs
  readonly constants?: Pairs
  readonly event?: Body
  readonly cursorColumn?: string
  readonly object?: string
  readonly destinationConfig?: unknown
  readonly syncSettings?: Body
}

interface CreateFields {
  readonly sourceId: string
  readonly destinationId: string
  readonly enabled: boolean
  readonly schedule: Schedule
  readonly attributes: Attributes
}

const changeableFields = ["schedule", "enabled", "syncSettings", "identifiers", "mappings", "constants"]
/** Fields that reads show as they were sent. */
export const attributeNames = [
  "syncSettings",
  "identifiers",
  "mappings",
  "constants",
  "externalId",
  "syncBehaviour",
  "event",
  "cursorColumn",
  "object",
  "destinationConfig",
]
const createFields = ["schedule", "enabled", "sourceId", "destinationId", ...attributeNames]

/** Decodes the body of a create. Returns `undefined` where the check found problems. */
export const decodeCreate = (body: Body, check: BodyCheck, bounds: ScheduleBounds): CreateFields | undefined => {
  check.allowOnly(createFields)
  const sourceId = check.text("sourceId")
  const destinationId = check.text("destinationId")
  const enabled = check.boolean("enabled") ?? true
  const schedule = readSchedule(body, check, bounds)
  if (body["identifiers"] === undefined) check.add("identifiers", "Required")
  const event = readEvent(check)
  const object = body["object"] === undefined || body["object"] === "" ? undefined : check.text("object")
  const attributes: Attributes = {
    ...optionalField("externalId", check.text("externalId", { optional: true })),
    syncBehaviour: check.oneOf("syncBehaviour", ["upsert", "mirror", "full"]) ?? "upsert",
    identifiers: check.pairs("identifiers", ["from", "to"]) ?? [],
    ...optionalField("mappings", check.pairs("mappings", ["from", "to"])),
    ...optionalField("constants", check.pairs("constants", ["key", "value"])),
    ...optionalField("event", event),
    ...optionalField("cursorColumn", check.text("cursorColumn", { optional: true })),
    ...optionalField("object", object),
    ...optionalField("destinationConfig", body["destinationConfig"]),
    ...optionalField("syncSettings", check.object("syncSettings")),
  }
  checkRules({ ...attributes }, check)
  return sourceId === undefined || destinationId === undefined || schedule === undefined || hasProblems(check)
    ? undefined
    : { sourceId, destinationId, enabled, schedule, attributes }
}

interface UpdateFields {
  readonly enabled?: boolean
  readonly schedule: Schedule
  /** Returns the attributes after the update, from those before it. */
  readonly attributesOf: (before: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
}

/**
 * Decodes the body of an update. Absent fields keep their values, an empty list clears one, and most fields of a connection
 * cannot change. Returns `undefined` where the check found problems.
 */
export const decodeUpdate = (
  body: Body,
  check: BodyCheck,
  attributesBefore: Readonly<Record<string, unknown>>,
  bounds: ScheduleBounds,
): UpdateFields | undefined => {
  check.allowOnly(changeableFields)
  const enabled = check.boolean("enabled")
  const schedule = readSchedule(body, check, bounds)
  const lists = {
    ...optionalField("identifiers", check.pairs("identifiers", ["from", "to"])),
    ...optionalField("mappings", check.pairs("mappings", ["from", "to"])),
    ...optionalField("constants", check.pairs("constants", ["key", "value"])),
  }
  const settings = check.object("syncSettings")
  const attributesOf: UpdateFields["attributesOf"] = (before) => ({
    ...before,
    ...lists,
    ...optionalField("syncSettings", mergedSettings(before["syncSettings"], settings)),
  })
  checkRules(attributesOf(attributesBefore), check)
  return schedule === undefined || hasProblems(check)
    ? undefined
    : { schedule, attributesOf, ...optionalField("enabled", enabled) }
}

/** Checks the rules about events (the vendor's JSON mapper) and about objects. */
const checkRules = (attributes: Readonly<Record<string, unknown>>, check: BodyCheck): void => {
  const { event, object, syncBehaviour, cursorColumn } = attributes
  const identifiers = recordsOf(attributes["identifiers"])
  const constants = recordsOf(attributes["constants"])
  if (event !== undefined) {
    if (syncBehaviour === "mirror") check.add("syncBehaviour", "mirror is not supported for this destination")
    identifiers.forEach(({ to }, index) => {
      if (to !== "user_id" && to !== "anonymous_id") {
        check.add(`identifiers.${index}.to`, "Expected user_id | anonymous_id")
      }
    })
  } else if (constants.length > 0) check.add("constants", "Not supported for this destination")
  if (object !== undefined) {
    if (identifiers.length !== 1) check.add("identifiers", "Array must contain exactly 1 element(s)")
    if (event !== undefined) check.add("event", "Not supported for this destination")
  }
  constants.forEach(({ key }, index) => {
    if (key === "context.mappedToDestination") check.add(`constants.${index}.key`, "Reserved")
  })
  if (cursorColumn !== undefined && syncBehaviour !== "upsert") check.add("cursorColumn", "Only for upsert")
}

const readEvent = (check: BodyCheck): Body | undefined => {
  const event = check.object("event")
  if (event === undefined) return undefined
  const eventCheck = checkBody(event)
  eventCheck.allowOnly(["type", "name", "nameColumn"])
  if (eventCheck.oneOf("type", ["identify", "track"]) === undefined) eventCheck.add("type", "Required")
  const name = eventCheck.text("name", { optional: true })
  const nameColumn = eventCheck.text("nameColumn", { optional: true })
  if (name !== undefined && nameColumn !== undefined) {
    eventCheck.add("nameColumn", "name and nameColumn are mutually exclusive")
  }
  addNested(check, "event", eventCheck)
  return event
}

const recordsOf = (value: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> =>
  Array.isArray(value) ? value.filter(isRecord) : []

/** Merges settings two levels deep. Absent settings keep their values. */
const mergedSettings = (before: unknown, changes: Body | undefined): Body | undefined => {
  if (changes === undefined || !isRecord(before)) return changes
  const merged: Record<string, unknown> = { ...before }
  for (const [name, value] of Object.entries(changes)) {
    const previous = merged[name]
    merged[name] = isRecord(previous) && isRecord(value) ? { ...previous, ...value } : value
  }
  return merged
}

/** Returns an object with one field, or with none where the value is `undefined`. */
const optionalField = <const Name extends string, A>(name: Name, value: A | undefined): { readonly [K in Name]?: A } =>
  value === undefined ? {} : ({ [name]: value } as { readonly [K in Name]?: A })
