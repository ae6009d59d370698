/**
 * What passes between a workspace and its emulator: every request is written down, and a law may answer in the vendor's
 * place or change what it answers.
 */
import type * as Transport from "@openretl/core/Transport"
import type { TransportError } from "@openretl/core/TransportError"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"

export interface Seen {
  readonly at: number
  readonly request: Transport.Request
}

export type Answer = Effect.Effect<Transport.Response, TransportError>

export interface Wire {
  readonly transport: Transport.Service
  /** Every request so far, in order. */
  readonly seen: ReadonlyArray<Seen>
  /** Answers in the vendor's place, which then hears nothing; `undefined` lets a request pass. */
  instead: (request: Transport.Request) => Answer | undefined
  /** Changes what the vendor answers. */
  changed: (response: Transport.Response, request: Transport.Request) => Transport.Response
}

/** A clock that is off by so many milliseconds and otherwise the same. */
export const skewed = (clock: Clock.Clock, off: number): Clock.Clock => ({
  currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + off,
  currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + off),
  currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe() + BigInt(off) * 1_000_000n,
  currentTimeNanos: Effect.map(clock.currentTimeNanos, (now) => now + BigInt(off) * 1_000_000n),
  monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
  monotonicTimeNanos: clock.monotonicTimeNanos,
  sleep: (duration) => clock.sleep(duration),
})

export const make = (
  vendor: Transport.Service,
  vendorClock: { readonly clock: Clock.Clock; readonly tells: boolean | undefined },
): Wire => {
  const seen: Array<Seen> = []
  const dated = (response: Transport.Response): Transport.Response => {
    const { date: _, ...headers } = response.headers
    if (vendorClock.tells !== true) return vendorClock.tells === undefined ? response : { ...response, headers }
    const now = DateTime.makeUnsafe(vendorClock.clock.currentTimeMillisUnsafe())
    return { ...response, headers: { ...headers, date: DateTime.toDateUtc(now).toUTCString() } }
  }
  const wire: Wire = {
    seen,
    instead: () => undefined,
    changed: (response) => response,
    transport: {
      send: (request) =>
        Effect.flatMap(Clock.currentTimeMillis, (at) => {
          seen.push({ at, request })
          const vendors = Effect.provideService(vendor.send(request), Clock.Clock, vendorClock.clock)
          return Effect.map(wire.instead(request) ?? Effect.map(vendors, dated), (response) =>
            wire.changed(response, request),
          )
        }),
    },
  }
  return wire
}

export const isWrite = ({ method }: Transport.Request): boolean => method !== "GET"

const encoder = new TextEncoder()

export const response = (
  status: number,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = { "content-type": "application/json" },
): Transport.Response => ({ status, headers, body: typeof body === "string" ? encoder.encode(body) : body })

export const text = ({ body }: Transport.Response): string => new TextDecoder().decode(body)
