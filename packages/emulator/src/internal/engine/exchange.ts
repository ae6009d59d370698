/**
 * One request from arrival to answer: routing, authentication, limits, faults, and when the answer leaves.
 *
 * Arrival is synchronous. Only an answer that is to come later sleeps, on Effect's clock.
 */

import type * as Transport from "@openretl/core/Transport"
import { TransportError } from "@openretl/core/TransportError"
import * as Effect from "effect/Effect"
import type { Operation } from "../../Emulator.ts"
import type { Faults, Strike } from "../http/faults.ts"
import { fromRequest, type Incoming } from "../http/incomingRequest.ts"
import type { Limits } from "../http/limits.ts"
import { type Reply, withHeaders } from "../http/reply.ts"
import { httpDate } from "../http/timestamps.ts"
import type { MutableCall } from "../world/calls.ts"
import type { World } from "../world/world.ts"
import type { Dialect, Route } from "./dialect.ts"

export interface Desk {
  readonly dialect: Dialect
  readonly world: World
  readonly limits: Limits
  readonly faults: Faults
  readonly speed: number
  readonly latency: number
  /** The emulated time at the clock's time. */
  readonly emulated: (clockMillis: number) => number
  /** How old a read is that happens now. */
  readonly lag: () => number
  readonly token: () => string
  readonly denied: () => ReadonlyArray<Operation>
  readonly log: (call: Omit<MutableCall, "index">) => MutableCall
}

type Answer = Effect.Effect<Transport.Response, TransportError>

export const exchange = (desk: Desk, request: Transport.Request): Answer =>
  Effect.clockWith((clock) => {
    const { delay, answer } = arrive(desk, request, desk.emulated(clock.currentTimeMillisUnsafe()))
    return delay > 0 ? Effect.flatMap(Effect.sleep(delay / desk.speed), answer) : answer()
  })

interface Pending {
  /** Emulated milliseconds until the answer leaves. */
  readonly delay: number
  readonly answer: () => Answer
}

const arrive = (desk: Desk, request: Transport.Request, now: number): Pending => {
  const { dialect, world } = desk
  const url = URL.parse(request.url)
  if (url === null) return notSent("ERR_INVALID_URL")
  world.settle(now)
  const stray = url.origin !== dialect.baseUrl
  const incoming = fromRequest(request, url)
  const route = stray ? undefined : dialect.route(incoming)
  const operation = route?.operation ?? "other"
  const call = desk.log({
    at: now,
    operation,
    method: request.method,
    path: stray ? request.url : url.pathname,
    query: Object.fromEntries(url.searchParams),
    ...(request.body !== undefined && { body: request.body }),
    status: "pending",
  })
  if (stray) return refused(call, "ENOTFOUND")
  const strike = desk.faults.strike(operation, route?.sync)
  if (strike?.fault.kind === "unreachable") return refused(call, "ECONNREFUSED")
  return accept(desk, request, incoming, route, call, strike, now)
}

const notSent = (code: string): Pending => ({
  delay: 0,
  answer: () => Effect.fail(new TransportError({ code, delivery: "not-sent" })),
})

const refused = (call: MutableCall, code: string): Pending => {
  call.status = "refused"
  return notSent(code)
}

const accept = (
  desk: Desk,
  request: Transport.Request,
  incoming: Incoming,
  route: Route | undefined,
  call: MutableCall,
  strike: Strike | undefined,
  now: number,
): Pending => {
  const { world } = desk
  const fault = strike?.fault
  const carriesOut = fault === undefined || !("commits" in fault) || fault.commits
  const commitAfter = strike?.commitAfter ?? 0
  let reply: Reply | undefined
  const carryOut = (at: number) => {
    if (route?.sync !== undefined) world.advance(route.sync, at)
    reply = route === undefined ? desk.dialect.notFound() : route.handle({ now: at, view: at - desk.lag(), call })
  }
  const early = turnedAway(desk, incoming, call.operation, now)
  const commitAt = now + commitAfter
  const late = early.reply === undefined && carriesOut && commitAfter > 0
  if (early.reply !== undefined) reply = early.reply
  else if (late) world.later(commitAt, () => carryOut(commitAt))
  else if (carriesOut) carryOut(now)

  const latency = desk.latency + (strike?.latency ?? 0)
  const usual = fault === undefined || fault.kind === "slow" || fault.kind === "truncated"
  const delay = usual && late ? Math.max(latency, commitAfter) : latency
  const answer = (): Answer => {
    if (late && delay >= commitAfter) world.settle(commitAt)
    switch (fault?.kind) {
      case "never":
        return Effect.never
      case "lost":
        call.status = "lost"
        return Effect.fail(new TransportError({ code: "ECONNRESET", delivery: "unknown" }))
      case "respond":
        return respond(request, call, { headers: {}, body: "", ...fault }, now)
      default:
        return respond(request, call, usualReply(reply, early, desk, fault?.kind === "truncated"), now)
    }
  }
  return { delay, answer }
}

interface Early {
  readonly reply?: Reply
  readonly headers?: Readonly<Record<string, string>>
}

/** Answers that need no look at what was asked: no valid token, no permission, over a limit. */
const turnedAway = (desk: Desk, incoming: Incoming, operation: Operation, now: number): Early => {
  const { dialect } = desk
  if (incoming.header("authorization") !== `Bearer ${desk.token()}`) return { reply: dialect.unauthorized() }
  const { over, standing } = desk.limits.spend(operation, now)
  if (standing !== undefined && over) return { reply: dialect.tooManyRequests(standing, now) }
  if (desk.denied().includes(operation)) return { reply: dialect.forbidden() }
  const headers = standing === undefined ? undefined : dialect.successHeaders?.(standing)
  return headers === undefined ? {} : { headers }
}

const usualReply = (reply: Reply | undefined, early: Early, desk: Desk, cut: boolean): Reply => {
  const whole = reply ?? desk.dialect.notFound()
  const dressed = early.headers !== undefined && whole.status < 300 ? withHeaders(whole, early.headers) : whole
  return cut ? { ...dressed, body: dressed.body.slice(0, Math.floor(dressed.body.length / 2)) } : dressed
}

const encoder = new TextEncoder()

/** Every answer carries the vendor's own clock, like those of every HTTP server. */
const respond = (request: Transport.Request, call: MutableCall, reply: Reply, now: number): Answer => {
  call.status = reply.status
  const body = encoder.encode(reply.body)
  return body.byteLength > request.maxBytes
    ? Effect.fail(new TransportError({ code: "too-large", delivery: "unknown" }))
    : Effect.succeed({ status: reply.status, headers: { date: httpDate(now), ...reply.headers }, body })
}
