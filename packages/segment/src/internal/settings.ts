/** Whether a mapping shows the settings that a caller wants. Pure. */
import * as Json from "@openretl/core/driver/Json"
import * as Predicate from "effect/Predicate"
import { isMasked } from "./mapping.ts"

type Settings = Readonly<Record<string, unknown>>

/** What a masked value stands for: the wanted value, or another one. */
type Masked = "wanted" | "other"

/** Returns whether all wanted settings are shown, masked or not; there may be more. */
export const includes = (shown: Settings, wanted: Settings): boolean => hasAll(shown, wanted, "wanted")

/** Returns whether the settings shown are the wanted ones and no others, in any order. */
export const equal = (shown: Settings, wanted: Settings, masked: Masked): boolean =>
  Object.keys(shown).length === Object.keys(wanted).length && hasAll(shown, wanted, masked)

const hasAll = (shown: Settings, wanted: Settings, masked: Masked): boolean =>
  Object.entries(wanted).every(([key, value]) => isSame(shown[key], value, masked))

const isSame = (shown: unknown, wanted: unknown, masked: Masked): boolean => {
  if (shown === wanted || (masked === "wanted" && isMasked(shown)) || Json.isSameNumber(shown, wanted)) return true
  if (Array.isArray(shown) && Array.isArray(wanted)) {
    return shown.length === wanted.length && shown.every((value, index) => isSame(value, wanted[index], masked))
  }
  return isRecord(shown) && isRecord(wanted) && equal(shown, wanted, masked)
}

const isRecord = (value: unknown): value is Settings => Predicate.isObject(value) && !Array.isArray(value)
