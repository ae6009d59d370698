/**
 * What decides what a sync does and core has no word for, from a vendor's payload. For adapters.
 *
 * An adapter says for each field of a payload what becomes of it. A field that it does not list is reported by its name.
 */
import * as Wire from "../http/Wire.ts"
import type { SyncFields, VendorField } from "../model/Sync.ts"

/**
 * What becomes of a field:
 * - `covered`: the sync has it in core's words, or it decides nothing about rows.
 * - `shown`: the sync has it among its `vendorFields`; an object with one entry for each of its fields.
 * - `unread`: the sync has its name among its `unreadFields`.
 */
export type Handling = "covered" | "shown" | "unread"

/** What becomes of each field of a payload. */
export type Handlings<Payload> = Readonly<Record<Exclude<keyof Payload, "unreadKeys">, Handling>>

/** A payload, or a part of one, and what becomes of its fields. */
export interface Part<Payload extends object> {
  /** The name of the part, in front of the names of its fields. @default none */
  readonly name?: string
  readonly payload: Payload
  readonly handlings: Handlings<Payload>
}

/** What a sync has of a payload. */
export type Fields = Required<Pick<SyncFields, "vendorFields">> & Pick<SyncFields, "unreadFields">

/** Returns what a sync has of a part of a payload. Empty values are left out. */
export const of = <Payload extends object>({ name, payload, handlings }: Part<Payload>): Fields => {
  const handlingOf: Readonly<Record<string, Handling>> = handlings
  const pathOf = (key: string) => (name === undefined ? key : `${name}.${key}`)
  const { unreadKeys = [], ...fields }: { readonly unreadKeys?: ReadonlyArray<string> } = payload
  const entries = Object.entries<unknown>(fields).filter(([, value]) => !Wire.isEmpty(value))
  const keys = entries
    .filter(([key]) => handlingOf[key] !== "covered" && handlingOf[key] !== "shown")
    .map(([key]) => key)
  return all(
    { vendorFields: [], unreadFields: [...keys, ...unreadKeys].map(pathOf) },
    {
      vendorFields: entries
        .filter(([key]) => handlingOf[key] === "shown")
        .flatMap(([key, value]) => shown(pathOf(key), value)),
    },
  )
}

/** Returns what a sync has of several parts. */
export const all = (...parts: ReadonlyArray<Fields>): Fields => {
  const unreadFields = parts.flatMap(({ unreadFields = [] }) => unreadFields)
  return {
    vendorFields: parts.flatMap(({ vendorFields }) => vendorFields),
    ...(unreadFields.length > 0 && { unreadFields }),
  }
}

/** Returns what fills a field of the destination, in the vendor's words. */
export const filled = (to: string, value: unknown): VendorField => ({ field: `mapping.${to}`, value: textOf(value) })

const shown = (field: string, value: unknown): ReadonlyArray<VendorField> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, part]) =>
        Wire.isEmpty(part) ? [] : [{ field: `${field}.${key}`, value: textOf(part) }],
      )
    : [{ field, value: textOf(value) }]

const textOf = (value: unknown): string => (typeof value === "string" ? Wire.cut(value) : Wire.oneLine(value))
