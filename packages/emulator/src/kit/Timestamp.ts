/** Instants as vendors and HTTP write them. */
import * as DateTime from "effect/DateTime"

/** `2026-01-02T03:04:05.678Z` */
export const isoMillis = (at: number): string => DateTime.formatIso(DateTime.makeUnsafe(at))

/** `2026-01-02T03:04:05Z` */
export const isoSeconds = (at: number): string => `${isoMillis(at).slice(0, 19)}Z`

/** `2026-01-02T03:04:05.678000Z` */
export const isoMicros = (at: number): string => `${isoMillis(at).slice(0, 23)}000Z`

/** `Fri, 02 Jan 2026 03:04:05 GMT`, as in HTTP headers */
export const httpDate = (at: number): string => DateTime.toDateUtc(DateTime.makeUnsafe(at)).toUTCString()

/** `Fri, 02 Jan 2026 03:04:05 +0000` (RFC 5322) */
export const rfc5322 = (at: number): string => httpDate(at).replace("GMT", "+0000")
