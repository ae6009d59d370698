/** Hostile input, and how to see what it did. */

import type { Request } from "@openretl/core/Transport"
import * as Result from "effect/Result"
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

const strange = Array.from("./?#%\\&=+ \t\n\r\u0000\u00e9💥:@;,'\"<>{}[]|^`~aZ0")

export const randomId = (random: Random.Random): string =>
  Array.from({ length: 1 + random.int(12) }, () => random.pick(strange)).join("")

/** A request's path with the ids in it left open, so that paths can be compared whatever the ids. */
export const shape = ({ method, url }: Request, ids: ReadonlyArray<string>): string => {
  const { pathname, searchParams, hash, username } = new URL(url)
  const segments = pathname.split("/").map((segment) => {
    const decoded = Result.getOrElse(
      Result.try(() => decodeURIComponent(segment)),
      () => segment,
    )
    return ids.includes(decoded) ? "{id}" : segment
  })
  return `${method} ${segments.join("/")} ${Array.from(searchParams.keys()).sort().join("&")} ${hash}${username}`
}

export const echoes: ReadonlyArray<readonly [string, (token: string) => string]> = [
  ["plain text", (token) => `no access for ${token}`],
  ["JSON", (token) => JSON.stringify({ error: token, message: token, code: token, details: { [token]: token } })],
  [
    "a list of errors",
    (token) => JSON.stringify({ errors: [{ type: token, message: token, field: token, data: token }] }),
  ],
  ["JSON with escaped slashes", (token) => JSON.stringify({ error: token, message: token }).replaceAll("/", "\\/")],
  ["JSON in escapes", (token) => `{"error":"${escaped(token)}","errors":[{"message":"${escaped(token)}"}]}`],
  ["half of a page", (token) => `<html><body>Authorization: Bearer ${token}</bo`],
]

const escaped = (text: string): string =>
  Array.from(text, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")

/** An error that a caller can act on: one of core's own, not a defect. */
export const isTyped = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "_tag" in error && typeof error._tag === "string"
