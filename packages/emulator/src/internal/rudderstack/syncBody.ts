/** What a connection does with rows, as bodies tell it, and the vendor's rules about that. */
import { type Body, type Findings, isRecord, look } from "./body.ts"
import { type Schedule, scheduleOf } from "./schedule.ts"

type Pairs = ReadonlyArray<Readonly<Record<string, string>>>

/** Everything of a connection besides its ends, its state and its schedule. */
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

interface Created {
  readonly sourceId: string
  readonly destinationId: string
  readonly enabled: boolean
  readonly schedule: Schedule
  readonly attributes: Attributes
}

const changeable = ["schedule", "enabled", "syncSettings", "identifiers", "mappings", "constants"]
const all = [
  ...changeable,
  "sourceId",
  "destinationId",
  "externalId",
  "syncBehaviour",
  "event",
  "cursorColumn",
  "object",
  "destinationConfig",
]

/** What a body asks to be made, or nothing where there are findings. */
export const created = (body: Body, findings: Findings): Created | undefined => {
  findings.only(all)
  const sourceId = findings.text("sourceId")
  const destinationId = findings.text("destinationId")
  const enabled = findings.flag("enabled") ?? true
  const schedule = scheduleOf(body, findings)
  if (body["identifiers"] === undefined) findings.add("identifiers", "Required")
  const event = eventOf(findings)
  const object = body["object"] === undefined || body["object"] === "" ? undefined : findings.text("object")
  const attributes: Attributes = {
    ...defined("externalId", findings.text("externalId", { optional: true })),
    syncBehaviour: findings.oneOf("syncBehaviour", ["upsert", "mirror", "full"]) ?? "upsert",
    identifiers: findings.pairs("identifiers", ["from", "to"]) ?? [],
    ...defined("mappings", findings.pairs("mappings", ["from", "to"])),
    ...defined("constants", findings.pairs("constants", ["key", "value"])),
    ...defined("event", event),
    ...defined("cursorColumn", findings.text("cursorColumn", { optional: true })),
    ...defined("object", object),
    ...defined("destinationConfig", body["destinationConfig"]),
    ...defined("syncSettings", findings.object("syncSettings")),
  }
  rules({ ...attributes }, findings)
  return sourceId === undefined ||
    destinationId === undefined ||
    schedule === undefined ||
    Object.keys(findings.details).length > 0
    ? undefined
    : { sourceId, destinationId, enabled, schedule, attributes }
}

interface Updated {
  readonly enabled?: boolean
  readonly schedule: Schedule
  readonly attributes: Readonly<Record<string, unknown>>
}

/** What a body asks to be changed: what is absent stays, an empty list clears, and most of a connection is fixed. */
export const updated = (
  body: Body,
  findings: Findings,
  before: Readonly<Record<string, unknown>>,
  scheduleBefore: unknown,
): Updated | undefined => {
  findings.only(changeable)
  const enabled = findings.flag("enabled")
  const schedule = scheduleOf(body, findings, scheduleBefore)
  const attributes = {
    ...before,
    ...defined("identifiers", findings.pairs("identifiers", ["from", "to"])),
    ...defined("mappings", findings.pairs("mappings", ["from", "to"])),
    ...defined("constants", findings.pairs("constants", ["key", "value"])),
    ...defined("syncSettings", merged(before["syncSettings"], findings.object("syncSettings"))),
  }
  rules(attributes, findings)
  return schedule === undefined || Object.keys(findings.details).length > 0
    ? undefined
    : { schedule, attributes, ...defined("enabled", enabled) }
}

/** The rules of events (the vendor's JSON mapper) and of objects. */
const rules = (attributes: Readonly<Record<string, unknown>>, findings: Findings): void => {
  const { event, object, syncBehaviour, cursorColumn } = attributes
  const identifiers = listOf(attributes["identifiers"])
  const constants = listOf(attributes["constants"])
  if (event !== undefined) {
    if (syncBehaviour === "mirror") findings.add("syncBehaviour", "mirror is not supported for this destination")
    identifiers.forEach(({ to }, index) => {
      if (to !== "user_id" && to !== "anonymous_id") {
        findings.add(`identifiers.${index}.to`, "Expected user_id | anonymous_id")
      }
    })
  } else if (constants.length > 0) findings.add("constants", "Not supported for this destination")
  if (object !== undefined) {
    if (identifiers.length !== 1) findings.add("identifiers", "Array must contain exactly 1 element(s)")
    if (event !== undefined) findings.add("event", "Not supported for this destination")
  }
  constants.forEach(({ key }, index) => {
    if (key === "context.mappedToDestination") findings.add(`constants.${index}.key`, "Reserved")
  })
  if (cursorColumn !== undefined && syncBehaviour !== "upsert") findings.add("cursorColumn", "Only for upsert")
}

const eventOf = (findings: Findings): Body | undefined => {
  const event = findings.object("event")
  if (event === undefined) return undefined
  const own = look(event)
  own.only(["type", "name", "nameColumn"])
  if (own.oneOf("type", ["identify", "track"]) === undefined) own.add("type", "Required")
  const [name, column] = [own.text("name", { optional: true }), own.text("nameColumn", { optional: true })]
  if (name !== undefined && column !== undefined) own.add("nameColumn", "name and nameColumn are mutually exclusive")
  for (const [field, message] of Object.entries(own.details)) findings.add(`event.${field}`, message)
  return event
}

const listOf = (value: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> =>
  Array.isArray(value) ? value.filter(isRecord) : []

/** Settings by their parts: what is absent stays. */
const merged = (before: unknown, change: Body | undefined): Body | undefined => {
  if (change === undefined || !isRecord(before)) return change
  const whole: Record<string, unknown> = { ...before }
  for (const [name, value] of Object.entries(change)) {
    const old = whole[name]
    whole[name] = isRecord(old) && isRecord(value) ? { ...old, ...value } : value
  }
  return whole
}

const defined = <const Name extends string, A>(name: Name, value: A | undefined): { readonly [K in Name]?: A } =>
  value === undefined ? {} : ({ [name]: value } as { readonly [K in Name]?: A })
