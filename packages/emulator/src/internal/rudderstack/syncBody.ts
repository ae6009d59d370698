/** The bodies of creates and updates of connections: their fields, and the vendor's rules about them. */
import { addNested, type Body, type BodyCheck, checkBody, hasProblems, isRecord } from "./body.ts"
import { fold, isReserved } from "./reservedTargets.ts"
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

/** What a body is checked against, as the switches of the same names say. */
export interface Rules {
  readonly schedule: ScheduleBounds
  readonly reservedTargets: "folded" | "400" | "kept"
  readonly eventsWithoutMappings: "stored" | "400"
  readonly externalIdAtCreate: "accepted" | "400" | "ignored"
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
export const decodeCreate = (body: Body, check: BodyCheck, rules: Rules): CreateFields | undefined => {
  check.allowOnly(createFields.filter((name) => name !== "externalId" || rules.externalIdAtCreate !== "400"))
  const sourceId = check.text("sourceId")
  const destinationId = check.text("destinationId")
  const enabled = check.boolean("enabled") ?? true
  const schedule = readSchedule(body, check, rules.schedule)
  if (body["identifiers"] === undefined) check.add("identifiers", "Required")
  const event = readEvent(check)
  const externalId = check.text("externalId", { optional: true })
  const object = body["object"] === undefined || body["object"] === "" ? undefined : check.text("object")
  const attributes: Attributes = {
    ...optionalField("externalId", rules.externalIdAtCreate === "accepted" ? externalId : undefined),
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
  checkRules({ ...attributes }, check, rules)
  if (sourceId === undefined || destinationId === undefined || schedule === undefined || hasProblems(check)) {
    return undefined
  }
  const stored = rules.reservedTargets === "folded" ? fold({ ...attributes }) : attributes
  return { sourceId, destinationId, enabled, schedule, attributes: stored }
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
  rules: Rules,
): UpdateFields | undefined => {
  check.allowOnly(changeableFields)
  const enabled = check.boolean("enabled")
  const schedule = readSchedule(body, check, rules.schedule)
  const lists = {
    ...optionalField("identifiers", check.pairs("identifiers", ["from", "to"])),
    ...optionalField("mappings", check.pairs("mappings", ["from", "to"])),
    ...optionalField("constants", check.pairs("constants", ["key", "value"])),
  }
  const settings = check.object("syncSettings")
  const attributesOf: UpdateFields["attributesOf"] = (before) => {
    const attributes = {
      ...before,
      ...lists,
      ...optionalField("syncSettings", mergedSettings(before["syncSettings"], settings)),
    }
    return rules.reservedTargets === "folded" ? fold(attributes) : attributes
  }
  checkRules({ ...attributesBefore, ...lists }, check, rules)
  return schedule === undefined || hasProblems(check)
    ? undefined
    : { schedule, attributesOf, ...optionalField("enabled", enabled) }
}

/** Checks the rules about events (the vendor's JSON mapper) and about objects. */
const checkRules = (attributes: Readonly<Record<string, unknown>>, check: BodyCheck, rules: Rules): void => {
  const { event, object, syncBehaviour, cursorColumn } = attributes
  const identifiers = recordsOf(attributes["identifiers"])
  const mappings = recordsOf(attributes["mappings"])
  const constants = recordsOf(attributes["constants"])
  if (event !== undefined) {
    if (syncBehaviour === "mirror") check.add("syncBehaviour", "mirror is not supported for this destination")
    identifiers.forEach(({ to }, index) => {
      if (to !== "user_id" && to !== "anonymous_id") {
        check.add(`identifiers.${index}.to`, "Expected user_id | anonymous_id")
      }
    })
    if (mappings.length === 0 && rules.eventsWithoutMappings === "400") {
      check.add("mappings", "Array must contain at least 1 element(s)")
    }
  } else if (constants.length > 0) check.add("constants", "Not supported for this destination")
  if (rules.reservedTargets === "400") {
    mappings.forEach(({ to }, index) => {
      if (isReserved(attributes, to)) check.add(`mappings.${index}.to`, "Reserved")
    })
  }
  if (object !== undefined) {
    // The allow-list of an object has no constants, not even an empty list.
    if (attributes["constants"] !== undefined) check.add("constants", "Not supported for this destination")
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
