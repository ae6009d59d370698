/** What settings show of those that were asked for. A masked value may be any. Pure. */
import * as Predicate from "effect/Predicate"
import { isMasked } from "./mapping.ts"

type Settings = Readonly<Record<string, unknown>>

/** All that was asked for is there; there may be more. */
export const holds = (shown: Settings, asked: Settings): boolean =>
  Object.entries(asked).every(([key, value]) => same(shown[key], value))

/** The same settings, in whatever order. */
export const equal = (shown: Settings, asked: Settings): boolean =>
  Object.keys(shown).length === Object.keys(asked).length && holds(shown, asked)

const same = (shown: unknown, asked: unknown): boolean => {
  if (shown === asked || isMasked(shown)) return true
  if (Array.isArray(shown) && Array.isArray(asked)) {
    return shown.length === asked.length && shown.every((value, index) => same(value, asked[index]))
  }
  return isRecord(shown) && isRecord(asked) && equal(shown, asked)
}

const isRecord = (value: unknown): value is Settings => Predicate.isObject(value) && !Array.isArray(value)
