/** Clocks that are off: the vendor's header, the dates of its runs, and the clock of the process. */

import type { Response, Service as Transport } from "@openretl/core/Transport"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** How the clocks are off. Times are milliseconds. */
export interface OddClock {
  readonly name: string
  /** Changes the time of the `date` header; `undefined` removes it. @default unchanged */
  readonly header?: (time: number, frozenAt: number) => number | undefined
  /** Changes the times at which runs were queued or started, and their form; `undefined` removes them. @default unchanged */
  readonly start?: (time: number) => string | undefined
  /** Whether a run that began within the minute before a request can look like one that began after it. @default false */
  readonly hidesOrder?: true
  /** By how much the clock of the process is set while the request is under way. @default 0 */
  readonly step?: number
}

const iso = (time: number): string => new Date(time).toISOString()
const minute = 60_000
const hour = 60 * minute

/** A time in a form that is no ISO 8601: a space, microseconds, and an offset. */
const otherForm = (time: number): string => iso(time).replace("T", " ").replace("Z", "456+00:00")

export const honest: OddClock = { name: "honest" }

export const oddClocks: ReadonlyArray<OddClock> = [
  honest,
  { name: "no header", header: () => undefined, hidesOrder: true },
  { name: "header 45 s ahead", header: (time) => time + 45_000 },
  { name: "header 45 s behind", header: (time) => time - 45_000, hidesOrder: true },
  { name: "header 10 s ahead", header: (time) => time + 10_000 },
  { name: "header frozen", header: (_, frozenAt) => frozenAt, hidesOrder: true },
  { name: "local clock set back 10 minutes", step: -10 * minute },
  { name: "local clock set ahead 10 minutes", step: 10 * minute },
  { name: "starts floored to the minute", start: (time) => iso(Math.floor(time / minute) * minute) },
  { name: "starts floored to the hour", start: (time) => iso(Math.floor(time / hour) * hour) },
  { name: "starts an hour in the future", start: (time) => iso(time + hour) },
  { name: "starts absent", start: () => undefined, hidesOrder: true },
  { name: "starts in another form", start: otherForm, hidesOrder: true },
]

/** The clock of a process, which a test can set. It sleeps as the real one does. */
export interface SettableClock {
  readonly clock: Clock.Clock
  readonly set: (by: number) => void
}

export const settable = (clock: Clock.Clock): SettableClock => {
  let offset = 0
  return {
    set: (by) => {
      offset += by
    },
    clock: {
      currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe() + offset,
      currentTimeMillis: Effect.map(clock.currentTimeMillis, (now) => now + offset),
      currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe() + BigInt(offset) * 1_000_000n,
      currentTimeNanos: Effect.map(clock.currentTimeNanos, (now) => now + BigInt(offset) * 1_000_000n),
      monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
      monotonicTimeNanos: clock.monotonicTimeNanos,
      sleep: (duration) => clock.sleep(duration),
    },
  }
}

/** Returns the vendor's transport as a process meets it whose clocks are off. The vendor lives on the clock `real`. */
export const throughOddClocks = (
  vendor: Transport,
  real: Clock.Clock,
  { header = (time) => time, start, step = 0 }: OddClock,
  set: SettableClock["set"],
): Transport => {
  const frozenAt = real.currentTimeMillisUnsafe()
  const odd = (response: Response): Response => {
    const { date, ...headers } = response.headers
    const time = date === undefined ? undefined : header(Date.parse(date), frozenAt)
    const withDate = time === undefined ? headers : { ...headers, date: new Date(time).toUTCString() }
    return {
      ...response,
      headers: withDate,
      body: start === undefined ? response.body : withStarts(response.body, start),
    }
  }
  return {
    send: (request) =>
      Effect.suspend(() => {
        if (request.method !== "GET") set(step)
        return Effect.map(Effect.provideService(vendor.send(request), Clock.Clock, real), odd)
      }),
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Changes the times at which runs were queued or started in an answer. */
const withStarts = (body: Uint8Array, start: (time: number) => string | undefined): Uint8Array => {
  try {
    return encoder.encode(
      JSON.stringify(JSON.parse(decoder.decode(body)), (key, value: unknown) =>
        /^(?:started|created)_?at$/i.test(key) && typeof value === "string" && !Number.isNaN(Date.parse(value))
          ? start(Date.parse(value))
          : value,
      ),
    )
  } catch {
    return body
  }
}
