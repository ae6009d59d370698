/** Ids that are made to change where a request goes, or to break what reads them. */
import type * as Random from "../testbed/random.ts"

export const hostileIds = [
  "../../../admin",
  "../",
  "..",
  ".",
  "a/../b",
  "a/../../b",
  "a?status=x",
  "?x=1",
  "a#fragment",
  "#",
  "a\nb",
  "a\nHost: elsewhere.example",
  "a\r\nHost: elsewhere.example",
  "a b",
  " ",
  "%2e%2e",
  "%2e%2e%2f",
  "%",
  "\\..\\",
  "\\..\\..",
  "//elsewhere.example",
  "//elsewhere.example/x",
  "@elsewhere.example",
  "https://elsewhere.example/",
  "ünïcödé",
  "é😀",
  "💥",
  "\u0000",
  "\ud800",
  "a\u202eb",
  "'; drop table runs; --",
  "__proto__",
  "x".repeat(255),
  "x".repeat(100_000),
  "",
]

const hostileCharacters = Array.from("./?#%\\&=+ \t\n\r\u0000\u00e9💥:@;,'\"<>{}[]|^`~aZ0")

/** Returns an id of up to twelve hostile characters. */
export const randomId = (random: Random.Random): string =>
  Array.from({ length: 1 + random.int(12) }, () => random.pick(hostileCharacters)).join("")

/** Returns the hostile ids, followed by `count` random ones. */
export const manyIds = (random: Random.Random, count: number): ReadonlyArray<string> => [
  ...hostileIds,
  ...Array.from({ length: count }, () => randomId(random)),
]
