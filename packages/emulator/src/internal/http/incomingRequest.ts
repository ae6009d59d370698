/** A request as a vendor's routes see it. */

import type * as Transport from "@openretl/core/Transport"
import * as Redacted from "effect/Redacted"

export interface Incoming {
  readonly method: Transport.Method
  /** The path's segments, decoded. */
  readonly segments: ReadonlyArray<string>
  readonly query: URLSearchParams
  /** The body as text; absent where none was sent. */
  readonly body: string | undefined
  readonly header: (name: string) => string | undefined
}

export const fromRequest = (request: Transport.Request, url: URL): Incoming => ({
  method: request.method,
  // An empty segment is kept: it names nothing, and must not let the next one take its place.
  segments: url.pathname === "/" ? [] : url.pathname.slice(1).split("/").map(decode),
  query: url.searchParams,
  body: request.body,
  header: (name) => {
    const value = request.headers[name]
    return Redacted.isRedacted(value) ? Redacted.value(value) : value
  },
})

/** A malformed escape stands for itself: it then names nothing that exists. */
const decode = (segment: string): string => {
  if (!segment.includes("%")) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** A JSON object body; `undefined` where it is anything else. */
export const parseObject = (body: string | undefined): Readonly<Record<string, unknown>> | undefined => {
  if (body === undefined) return undefined
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}

/** A whole number in a query; `NaN` where it is anything else. */
export const integer = (value: string): number => (/^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN)
