/** A request as the routes of a vendor read it. */

import * as Json from "@openretl/core/driver/Json"
import type * as Transport from "@openretl/core/Transport"
import * as Redacted from "effect/Redacted"

/** A request to the vendor's origin, taken apart. */
export interface IncomingRequest {
  readonly method: Transport.Method
  /** The segments of the path, decoded. */
  readonly segments: ReadonlyArray<string>
  readonly query: URLSearchParams
  /** The body as text; `undefined` where none was sent. */
  readonly body: string | undefined
  /** A header by its name in lower case. */
  readonly header: (name: string) => string | undefined
}

/** Takes a request apart. The engine calls it. */
export const toIncomingRequest = (request: Transport.Request, url: URL): IncomingRequest => ({
  method: request.method,
  // Empty segments stay: without them, the next segment would be read in their place.
  segments: url.pathname === "/" ? [] : url.pathname.slice(1).split("/").map(decodeSegment),
  query: url.searchParams,
  body: request.body,
  header: (name) => {
    const value = request.headers[name]
    return Redacted.isRedacted(value) ? Redacted.value(value) : value
  },
})

/** Decodes a segment. A segment with a malformed escape stays as it is, and therefore names nothing that exists. */
const decodeSegment = (segment: string): string => {
  if (!segment.includes("%")) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** Parses a body that must be a JSON object; returns `undefined` where it is anything else. */
export const parseObject = (body: string | undefined): Readonly<Record<string, unknown>> | undefined => {
  if (body === undefined) return undefined
  try {
    const value = Json.parse(body)
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}

/** Parses a whole number of a query; returns `NaN` where it is anything else. */
export const parseInteger = (value: string): number => (/^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN)
