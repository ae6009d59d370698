/**
 * Masks: texts that a vendor shows in place of a secret. Sent back, a mask would replace the secret. For adapters.
 *
 * A text is a mask where it cannot well be anything else:
 *
 * - a text without blanks that has three bullets in a row, as in `sk_live_••••••` and `••••1234`;
 * - three or more asterisks and nothing else, as in `********`, in groups too;
 * - one row of four or more asterisks with letters and digits around it, as in `****1234` and `AKIA****************`;
 * - eight or more times the letter x, in groups too, with at most four other characters at the end, as in
 *   `xxxx-xxxx-xxxx-1234`;
 * - a word such as redacted, masked or filtered in brackets or within asterisks, as in `<redacted>` and `[FILTERED]`.
 *
 * A pattern (`*`, `**`), emphasis (`**bold**`), a bullet within a sentence, and words without brackets are no masks.
 */
import * as Predicate from "effect/Predicate"
import * as Wire from "../http/Wire.ts"
import * as Json from "../model/Json.ts"

/** Where each form begins and ends, no character is read twice. */
const forms: ReadonlyArray<RegExp> = [
  /^[^\s•●⬤∙]*[•●⬤∙]{3}\S*$/u,
  /^\*{3,}(?:[ -]\*{3,})*$/,
  /^[\w.@-]*\*{4,}[\w.@-]*$/,
  /^\*{4}(?:[ -]\*{4})*[ -]\w{1,4}$/,
  /^(?:x{8,}|X{8,}|[xX]{4}(?:[ -][xX]{4})+)[ -]?\w{0,4}$/,
  /^(?:<|\[|\(|\*+|_{2,})(?:redacted|masked|filtered|obfuscated|sensitive|sensitive value)(?::[^<>]*)?(?:>|\]|\)|\*+|_{2,})$/i,
]

/** A mask is short: vendors show no more of a secret. */
const longestMask = 1_000

/** Returns whether a value is a text that stands for a secret. */
export const isMask = (value: unknown): value is string => {
  if (typeof value !== "string" || value.length > longestMask) return false
  const text = value.trim()
  return forms.some((form) => form.test(text))
}

/** Deeper levels than this are not read. */
const maxLevels = 8

/**
 * Returns the paths of the masks in a value that a vendor shows, as in `settings.apiKey`, where `name` is its name. `fits`
 * says which values are masks at this vendor.
 */
export const paths = (
  value: unknown,
  name: string,
  fits: (value: unknown) => boolean = isMask,
): ReadonlyArray<string> => pathsWithin(value, name, fits, 0)

const pathsWithin = (
  value: unknown,
  path: string,
  fits: (value: unknown) => boolean,
  level: number,
): ReadonlyArray<string> => {
  if (fits(value)) return [path]
  if (typeof value !== "object" || value === null || level >= maxLevels) return []
  return Object.entries(value).flatMap(([key, part]) => pathsWithin(part, `${path}.${key}`, fits, level + 1))
}

/**
 * Returns whether a value that a vendor shows has everything of a wanted one. Fields that the vendor adds to an object are
 * ignored, lists have to be equally long, and empty and absent are the same. Where the vendor has accepted the wanted value
 * (`isAccepted`), a mask counts as what it stands for.
 */
export const covers = (shown: unknown, wanted: unknown, isAccepted: boolean): boolean => {
  if (isAccepted && isMask(shown)) return true
  if (Wire.isEmpty(wanted)) return Wire.isEmpty(shown)
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(shown) &&
      shown.length === wanted.length &&
      wanted.every((value, index) => covers(shown[index], value, isAccepted))
    )
  }
  if (Predicate.isObject(wanted)) {
    return (
      Predicate.isObject(shown) &&
      Object.entries(wanted).every(([key, value]) => covers(Reflect.get(shown, key), value, isAccepted))
    )
  }
  return shown === wanted || Json.isSameNumber(shown, wanted)
}
