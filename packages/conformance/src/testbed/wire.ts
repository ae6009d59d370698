/**
 * The wire between a workspace and its emulator. It records every request. A law can answer in the vendor's place,
 * and can change the vendor's answers.
 */
import type * as Transport from "@openretl/core/Transport"
import { TransportError } from "@openretl/core/TransportError"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"

/** A request, with the time at which the workspace sent it: epoch milliseconds on the workspace's clock. */
export interface SentRequest {
  readonly at: number
  readonly request: Transport.Request
  /** What came back; absent until then, and where nothing came. */
  answer?: Transport.Response
}

export type Answer = Effect.Effect<Transport.Response, TransportError>

export interface Wire {
  readonly transport: Transport.Service
  /** Every request so far, in order. */
  readonly sent: ReadonlyArray<SentRequest>
  /** Answers a request in the vendor's place; the vendor then never receives it. `undefined` lets the request pass. */
  intercept: (request: Transport.Request) => Answer | undefined
  /**
   * Whether a trigger that core sends again with its key is kept from the vendor, as where the connection is gone.
   */
  losesRepeats: boolean
  /** Changes an answer on its way back. */
  rewrite: (response: Transport.Response, request: Transport.Request) => Transport.Response
}

/** Creates a clock that is `offset` milliseconds ahead of this one, and otherwise the same. */
export const shiftedClock = (clock: Clock.Clock, offset: number): Clock.Clock => ({
  currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + offset,
  currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + offset),
  currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe() + BigInt(offset) * 1_000_000n,
  currentTimeNanos: Effect.map(clock.currentTimeNanos, (now) => now + BigInt(offset) * 1_000_000n),
  monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
  monotonicTimeNanos: clock.monotonicTimeNanos,
  sleep: (duration) => clock.sleep(duration),
})

/**
 * Creates a wire to a vendor that lives on `vendorClock.clock`. `sendsDate` adds or removes the `date` header of the
 * vendor's answers; `undefined` leaves them as they are.
 */
export const make = (
  vendor: Transport.Service,
  vendorClock: { readonly clock: Clock.Clock; readonly sendsDate: boolean | undefined },
): Wire => {
  const sent: Array<SentRequest> = []
  const withDate = (response: Transport.Response): Transport.Response => {
    const { date: _, ...headers } = response.headers
    if (vendorClock.sendsDate !== true) {
      return vendorClock.sendsDate === undefined ? response : { ...response, headers }
    }
    const now = DateTime.makeUnsafe(vendorClock.clock.currentTimeMillisUnsafe())
    return { ...response, headers: { ...headers, date: DateTime.toDateUtc(now).toUTCString() } }
  }
  const wire: Wire = {
    sent,
    losesRepeats: false,
    intercept: () => undefined,
    rewrite: (response) => response,
    transport: {
      send: (request) =>
        Effect.flatMap(Clock.currentTimeMillis, (at) => {
          if (wire.losesRepeats && isWrite(request) && sent.some((earlier) => isRepeated(earlier, request))) {
            return Effect.fail(new TransportError({ code: "ECONNREFUSED", delivery: "not-sent" }))
          }
          const entry: SentRequest = { at, request }
          sent.push(entry)
          const vendorAnswer = Effect.provideService(vendor.send(request), Clock.Clock, vendorClock.clock)
          return Effect.map(wire.intercept(request) ?? Effect.map(vendorAnswer, withDate), (response) => {
            entry.answer = wire.rewrite(response, request)
            return entry.answer
          })
        }),
    },
  }
  return wire
}

/** Core's key of a trigger: the id of its entry, and when that was marked. */
const key = /[\da-f]{32}-\d{10,}/

/** Whether a trigger is the same as an earlier one, its key included. After a refused token, it comes with another token. */
const isRepeated = ({ request, answer }: SentRequest, other: Transport.Request): boolean =>
  answer?.status !== 401 && key.test(textOf(other)) && textOf(request) === textOf(other)

const textOf = ({ method, url, headers, body }: Transport.Request): string =>
  JSON.stringify([method, url, headers, body])

/** Whether the request changes something at the vendor: every method but GET. */
export const isWrite = ({ method }: Transport.Request): boolean => method !== "GET"

/** Whether the request only reads. */
export const isRead = (request: Transport.Request): boolean => !isWrite(request)

const encoder = new TextEncoder()

/** Creates a response; its headers default to those of JSON. */
export const response = (
  status: number,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = { "content-type": "application/json" },
): Transport.Response => ({ status, headers, body: typeof body === "string" ? encoder.encode(body) : body })

/** Returns the body of a response as text. */
export const bodyText = ({ body }: Transport.Response): string => new TextDecoder().decode(body)
