/** Reports what of a sync another vendor can express. Pure. */
import * as Schema from "effect/Schema"
import type { End } from "../model/Connection.ts"
import { SyncRef } from "../model/Ref.ts"
import type { FieldMapping, Mode, Sync } from "../model/Sync.ts"
import * as Schedule from "../model/schedule/Schedule.ts"
import type { ScheduleForms } from "../model/schedule/ScheduleForms.ts"

/** What syncs can express at a vendor, as data. Each adapter publishes it. */
export interface Target {
  /** The vendor's name for people, as in `Segment`. */
  readonly vendor: string
  /** The schedules that syncs can have there. */
  readonly schedules: ScheduleForms
  /** What syncs can do with rows there. */
  readonly modes: ReadonlyArray<Mode>
  /** Whether syncs have names there. */
  readonly hasNames: boolean
  /** Whether a mapping can name the type that a value is converted to. */
  readonly hasCasts: boolean
  /** Whether a sync names the column that identifies a row; otherwise its model, or its identifiers, do. */
  readonly hasPrimaryKey: boolean
}

/** One property of a sync, and what becomes of it at another vendor. */
export const Item = /* @__PURE__ */ Schema.Struct({
  /** The path of the property, as in `schedule` or `mapping.email`. */
  field: Schema.String,
  /**
   * - `carried`: it is the same there.
   * - `changed`: it becomes something similar, which `note` describes.
   * - `lost`: the vendor has nothing similar.
   * - `yours`: only a person can carry it over, as a password that the vendor masks.
   */
  fate: Schema.Literals(["carried", "changed", "lost", "yours"]),
  /** The property's value at this vendor, as text. */
  value: Schema.String,
  /** What differs, or what to do about it. */
  note: Schema.optionalKey(Schema.String),
})
export interface Item extends Schema.Schema.Type<typeof Item> {}

/** What of a sync another vendor can express, item by item. */
export const Report = /* @__PURE__ */ Schema.Struct({
  /** The sync that was reported on. */
  sync: SyncRef,
  /** The other vendor's name for people. */
  vendor: Schema.String,
  /** Every property of the sync, and what else decides which rows go where. */
  items: Schema.Array(Item),
  /** The schedule as the other vendor can express it; absent where it can express nothing similar. */
  schedule: Schema.optionalKey(Schedule.Schedule),
})
export interface Report extends Schema.Schema.Type<typeof Report> {}

/**
 * Returns what of a sync another vendor can express. Each property of the sync is an item, and so is each field of the vendor's
 * that decides which rows go where. The item `other fields` names the fields that nothing compares.
 */
export const report = (sync: Sync, target: Target): Report => {
  const schedule = scheduleOf(sync, target)
  return {
    sync: sync.ref,
    vendor: target.vendor,
    items: [
      ...nameOf(sync, target),
      {
        field: "connection.source",
        fate: "yours",
        value: textOf(sync.connection.source),
        note: "choose its equivalent there",
      },
      {
        field: "connection.destination",
        fate: "yours",
        value: textOf(sync.connection.destination),
        note: "set it up there, with its own credentials",
      },
      ...modeOf(sync, target),
      ...keyOf(sync, target),
      ...mappingOf(sync, target),
      ...vendorFieldsOf(sync),
      ...(sync.maskedSettings ?? []).map(
        (field): Item => ({ field, fate: "yours", value: "masked", note: "the vendor does not show it" }),
      ),
      schedule.item,
      stateOf(sync),
    ],
    ...(schedule.equivalent !== undefined && { schedule: schedule.equivalent }),
  }
}

const stateOf = ({ state, isSwitchedOn = false }: Sync): Item => ({
  field: "state",
  ...(state === "paused" && !isSwitchedOn
    ? { fate: "carried", value: state }
    : { fate: "changed", value: state, note: "it starts disabled there, until the switch-over" }),
})

const textOf = (end: End | undefined): string =>
  end === undefined ? "not reported" : `${end.name ?? end.id}${end.kind === undefined ? "" : ` (${end.kind})`}`

const nameOf = ({ name }: Sync, { hasNames, vendor }: Target): ReadonlyArray<Item> => {
  if (name === undefined) return []
  return hasNames
    ? [{ field: "name", fate: "carried", value: name }]
    : [{ field: "name", fate: "lost", value: name, note: `${vendor}'s syncs have no names` }]
}

const modeOf = ({ mode, vendorMode }: Sync, { modes, vendor }: Target): ReadonlyArray<Item> => {
  const value = vendorMode ?? mode ?? "not reported"
  if (mode === undefined)
    return [{ field: "mode", fate: "yours", value, note: `${vendor} has ${modes.join(", ")}: choose one` }]
  if (modes.includes(mode)) return [{ field: "mode", fate: "carried", value }]
  return [{ field: "mode", fate: "lost", value, note: `${vendor} has ${modes.join(", ")}: choose one` }]
}

const keyOf = ({ primaryKey }: Sync, { hasPrimaryKey, vendor }: Target): ReadonlyArray<Item> => {
  if (primaryKey === undefined || primaryKey.length === 0) {
    return hasPrimaryKey
      ? [{ field: "primaryKey", fate: "yours", value: "not reported", note: `${vendor} takes one column: choose it` }]
      : []
  }
  const value = primaryKey.join(", ")
  if (!hasPrimaryKey) {
    return [{ field: "primaryKey", fate: "changed", value, note: `at ${vendor} the source or the identifiers name it` }]
  }
  return primaryKey.length === 1
    ? [{ field: "primaryKey", fate: "carried", value }]
    : [{ field: "primaryKey", fate: "lost", value, note: `${vendor} takes one column` }]
}

/** What else decides which rows go where, in the vendor's words, and the fields that nothing compares. */
const vendorFieldsOf = (sync: Sync): ReadonlyArray<Item> => {
  const { vendorFields, unreadMapping = [], maskedSettings = [], unreadFields = [], native } = sync
  /** These are items already. */
  const shown = new Set([...unreadMapping.map((to) => `mapping.${to}`), ...maskedSettings])
  // An adapter that lists no such fields has compared none of the payload.
  const unread = vendorFields === undefined ? Object.keys(Object(native)) : unreadFields
  return [
    ...(vendorFields ?? [])
      .filter(({ field }) => !shown.has(field))
      .map(({ field, value }): Item => ({ field, fate: "yours", value, note: "set its equivalent there" })),
    ...(unread.length === 0 ? [] : [notCompared(unread)]),
  ]
}

const notCompared = (names: ReadonlyArray<string>): Item => ({
  field: "other fields",
  fate: "yours",
  value: `not compared: ${names.join(", ")}`,
  note: "look at them at the vendor: they may decide which rows go where",
})

const mappingOf = ({ mapping, unreadMapping = [], vendorFields = [] }: Sync, target: Target): ReadonlyArray<Item> => {
  const valuesByField = new Map(vendorFields.map(({ field, value }) => [field, value]))
  return [
    ...(mapping ?? []).map((entry) => mappedOf(entry, target)),
    ...(mapping === undefined && unreadMapping.length === 0
      ? [
          {
            field: "mapping",
            fate: "yours",
            value: "not reported",
            note: "the vendor does not report it",
          } satisfies Item,
        ]
      : []),
    ...unreadMapping.map((to): Item => {
      const field = `mapping.${to}`
      const value = valuesByField.get(field) ?? "not one column"
      return { field, fate: "yours", value, note: "write its equivalent there" }
    }),
  ]
}

const mappedOf = ({ from, to, cast, isIdentifier }: FieldMapping, { hasCasts, vendor }: Target): Item => {
  const field = `mapping.${to}`
  const column = isIdentifier === true ? `${from}, an identifier` : from
  return cast === undefined || hasCasts
    ? { field, fate: "carried", value: cast === undefined ? column : `${column}, as ${cast}` }
    : { field, fate: "changed", value: column, note: `${vendor} has no cast to ${cast}` }
}

const scheduleOf = (
  { schedule, unreadSchedule }: Sync,
  { schedules }: Target,
): { readonly item: Item; readonly equivalent?: Schedule.Schedule } => {
  if (schedule === undefined) {
    const value = unreadSchedule ?? "not reported"
    return { item: { field: "schedule", fate: "yours", value, note: "core cannot read it: set one there" } }
  }
  const value = Schedule.describe(schedule)
  const translation = Schedule.translate(schedule, schedules)
  switch (translation._tag) {
    case "Exact":
      return { item: { field: "schedule", fate: "carried", value }, equivalent: translation.schedule }
    case "Approximate": {
      const note = `${Schedule.describe(translation.schedule)}: ${translation.lost.join(" ")}`
      return { item: { field: "schedule", fate: "changed", value, note }, equivalent: translation.schedule }
    }
    case "Impossible":
      return { item: { field: "schedule", fate: "lost", value, note: translation.why } }
  }
}
