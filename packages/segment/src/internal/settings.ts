/** What settings show of those that were asked for. Pure. */
import * as Predicate from "effect/Predicate"
import { isMasked } from "./mapping.ts"

type Settings = Readonly<Record<string, unknown>>

/** What a masked value is taken for: whatever was asked for, or something else. */
type Masked = "any" | "other"

/** All that was asked for is there, masked or not; there may be more. */
export const holds = (shown: Settings, asked: Settings): boolean => includes(shown, asked, "any")

/** The same settings, in whatever order. */
export const equal = (shown: Settings, asked: Settings, masked: Masked): boolean =>
  Object.keys(shown).length === Object.keys(asked).length && includes(shown, asked, masked)

const includes = (shown: Settings, asked: Settings, masked: Masked): boolean =>
  Object.entries(asked).every(([key, value]) => same(shown[key], value, masked))

const same = (shown: unknown, asked: unknown, masked: Masked): boolean => {
  if (shown === asked || (masked === "any" && isMasked(shown))) return true
  if (Array.isArray(shown) && Array.isArray(asked)) {
    return shown.length === asked.length && shown.every((value, index) => same(value, asked[index], masked))
  }
  return isRecord(shown) && isRecord(asked) && equal(shown, asked, masked)
}

const isRecord = (value: unknown): value is Settings => Predicate.isObject(value) && !Array.isArray(value)
