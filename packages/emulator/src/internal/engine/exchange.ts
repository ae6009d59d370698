/**
 * One request from its arrival to its answer: route, fault, authentication, rate limits, and when the answer leaves.
 *
 * A request is carried out as it arrives, unless a fault defers that. Only an answer that leaves later sleeps, on Effect's
 * clock.
 */

import type * as Transport from "@openretl/core/Transport"
import { TransportError } from "@openretl/core/TransportError"
import * as Effect from "effect/Effect"
import type { Fault } from "../../Fault.ts"
import type { CompleteDialect } from "../../kit/Dialect.ts"
import { type IncomingRequest, toIncomingRequest } from "../../kit/IncomingRequest.ts"
import { type Reply, withHeaders } from "../../kit/Reply.ts"
import type { RequestContext, Route } from "../../kit/Route.ts"
import type { LoggedCall, Sync } from "../../kit/Run.ts"
import { httpDate } from "../../kit/Timestamp.ts"
import type { World } from "../../kit/World.ts"
import type { Operation } from "../../Operation.ts"
import type { Faults, TimedFault } from "../http/faults.ts"
import type { KeptAnswers } from "../http/keptAnswers.ts"
import type { Limits } from "../http/limits.ts"
import { withoutId } from "../http/missingId.ts"

/** What an exchange needs of its emulator. */
export interface ExchangeContext {
  readonly dialect: CompleteDialect
  readonly world: World
  readonly limits: Limits
  readonly faults: Faults
  readonly keptAnswers: KeptAnswers
  readonly speed: number
  /** How long every answer takes, in emulated milliseconds. */
  readonly latency: number
  /** The emulated time at a time of the clock. */
  readonly emulatedTime: (clockMillis: number) => number
  /** Draws the lag of one read, in milliseconds. */
  readonly drawLag: () => number
  readonly token: () => string
  readonly deniedOperations: () => ReadonlyArray<Operation>
  readonly log: (call: Omit<LoggedCall, "index">) => LoggedCall
}

type Answer = Effect.Effect<Transport.Response, TransportError>

/** Sends a request to the emulator. */
export const exchange = (context: ExchangeContext, request: Transport.Request): Answer =>
  Effect.clockWith((clock) => {
    const { delay, answer } = arrive(context, request, context.emulatedTime(clock.currentTimeMillisUnsafe()))
    return delay > 0 ? Effect.flatMap(Effect.sleep(delay / context.speed), answer) : answer()
  })

/** An answer on its way. */
interface PendingAnswer {
  /** Emulated milliseconds until the answer leaves. */
  readonly delay: number
  readonly answer: () => Answer
}

const arrive = (context: ExchangeContext, request: Transport.Request, now: number): PendingAnswer => {
  const { dialect, world } = context
  const url = URL.parse(request.url)
  if (url === null) return notSent("ERR_INVALID_URL")
  world.runJobs(now)
  const isOtherOrigin = url.origin !== dialect.baseUrl
  const incoming = toIncomingRequest(request, url)
  const route = isOtherOrigin ? undefined : dialect.routeOf(incoming)
  const operation = route?.operation ?? "other"
  const call = context.log({
    at: now,
    operation,
    method: request.method,
    path: isOtherOrigin ? request.url : url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: loggedHeaders(request.headers),
    ...(request.body !== undefined && { body: request.body }),
    status: "pending",
  })
  if (isOtherOrigin) return refuse(call, "ENOTFOUND")
  const fault = context.faults.take(operation, route?.sync)
  if (fault?.fault.kind === "unreachable") return refuse(call, "ECONNREFUSED")
  return accept(context, request, incoming, route, call, fault, now)
}

const identifyingHeaders = ["authorization", "cookie", "proxy-authorization"]

const loggedHeaders = (headers: Transport.Request["headers"]): Readonly<Record<string, string>> => {
  const logged: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string" && !identifyingHeaders.includes(name)) logged[name] = value
  }
  return logged
}

const notSent = (code: string): PendingAnswer => ({
  delay: 0,
  answer: () => Effect.fail(new TransportError({ code, delivery: "not-sent" })),
})

const refuse = (call: LoggedCall, code: string): PendingAnswer => {
  call.status = "refused"
  return notSent(code)
}

const accept = (
  context: ExchangeContext,
  request: Transport.Request,
  incoming: IncomingRequest,
  route: Route | undefined,
  call: LoggedCall,
  timedFault: TimedFault | undefined,
  now: number,
): PendingAnswer => {
  const { world } = context
  const fault = timedFault?.fault
  const isCommitted = fault === undefined || !("commits" in fault) || fault.commits
  const commitAfter = timedFault?.commitAfter ?? 0
  let reply: Reply | undefined
  const carryOut = (at: number) => {
    if (route?.sync !== undefined) world.advance(route.sync, at)
    const requestContext = { now: at, asOf: at - context.drawLag(), call }
    // Made before the request is carried out, so that a cached answer shows the sync as it was before.
    const isMixedUp = fault?.kind === "anothersBody"
    const mixedUp = isMixedUp ? answerAboutAnother(world, route, timedFault?.another, requestContext) : undefined
    const usual = route === undefined ? context.dialect.notFound() : route.handle(requestContext)
    reply = usual.status < 300 ? (mixedUp ?? usual) : usual
    if (!isKeptByFault) keep(reply)
  }
  const admission = admit(context, incoming, call.operation, now)
  const isKeptByFault = fault?.kind === "respond" && fault.isKept === true
  const isFirst = admission.reply === undefined && (isCommitted || isKeptByFault)
  const keep = isFirst ? context.keptAnswers.begin(incoming, now) : () => undefined
  if (isFirst && isKeptByFault) keep({ headers: {}, body: "", ...fault })
  const commitAt = now + commitAfter
  const isDeferred = admission.reply === undefined && isCommitted && commitAfter > 0
  if (admission.reply !== undefined) reply = admission.reply
  else if (isDeferred) world.addJob(commitAt, () => carryOut(commitAt))
  else if (isCommitted) carryOut(now)
  if (request.method !== "GET") world.changed()

  const latency = context.latency + (timedFault?.latency ?? 0)
  const isVendorsAnswer = !["lost", "respond", "refused", "never"].includes(fault?.kind ?? "")
  const delay = isVendorsAnswer && isDeferred ? Math.max(latency, commitAfter) : latency
  const answer = (): Answer => {
    if (isDeferred && delay >= commitAfter) world.runJobs(commitAt)
    switch (fault?.kind) {
      case "never":
        return Effect.never
      case "lost":
        call.status = "lost"
        return Effect.fail(new TransportError({ code: "ECONNRESET", delivery: "unknown" }))
      case "refused":
        return respond(request, call, context.dialect.refuse(fault.status, fault.message ?? "no"), now)
      case "respond":
        return respond(request, call, { headers: {}, body: "", ...fault }, now)
      default: {
        const complete = withSuccessHeaders(reply ?? context.dialect.notFound(), admission)
        return respond(request, call, distort(complete, fault), now)
      }
    }
  }
  return { delay, answer }
}

/** Whether a request is carried out at all. */
interface Admission {
  /** Answers the request where it is not carried out: a refusal, or the kept answer to a repeated request. */
  readonly reply?: Reply
  /** Headers for a success. */
  readonly successHeaders?: Readonly<Record<string, string>>
}

/** Checks what does not depend on the route's details: the token, the rate limits, the permission. */
const admit = (context: ExchangeContext, incoming: IncomingRequest, operation: Operation, now: number): Admission => {
  const { dialect } = context
  if (!dialect.isAuthorized(incoming, context.token())) return { reply: dialect.unauthorized() }
  const { isRefused, state } = context.limits.spend(operation, now)
  if (state !== undefined && isRefused) return { reply: dialect.tooManyRequests(state, now) }
  if (context.deniedOperations().includes(operation)) return { reply: dialect.forbidden() }
  const kept = context.keptAnswers.find(incoming, now)
  const successHeaders = state === undefined ? undefined : dialect.successHeaders?.(state)
  return { ...(kept && { reply: kept }), ...(successHeaders && { successHeaders }) }
}

const withSuccessHeaders = (reply: Reply, { successHeaders }: Admission): Reply =>
  successHeaders !== undefined && reply.status < 300 ? withHeaders(reply, successHeaders) : reply

/** Returns the answer as the fault lets it leave. */
const distort = (reply: Reply, fault: Fault | undefined): Reply => {
  if (fault?.kind === "truncated") return truncate(reply)
  return fault?.kind === "entryWithoutId" ? withoutId(reply, fault.entry ?? 0) : reply
}

/** Returns the answer about the fault's sync, or else about the oldest other one; `undefined` where there is none. */
const answerAboutAnother = (
  world: World,
  route: Route | undefined,
  another: Sync | undefined,
  requestContext: RequestContext,
): Reply | undefined => {
  const sync = another ?? [...world.syncs.values()].find((other) => other !== route?.sync)
  if (sync === undefined || !world.history.isCurrent(sync)) return undefined
  world.advance(sync, requestContext.now)
  return route?.answerAbout?.(sync, requestContext)
}

const truncate = (reply: Reply): Reply => ({
  ...reply,
  body: reply.body.slice(0, Math.floor(reply.body.length / 2)),
})

const encoder = new TextEncoder()

/** Sends a reply. Like every HTTP server's, it carries the server's time. */
const respond = (request: Transport.Request, call: LoggedCall, reply: Reply, now: number): Answer => {
  call.status = reply.status
  const body = encoder.encode(reply.body)
  return body.byteLength > request.maxBytes
    ? Effect.fail(new TransportError({ code: "too-large", delivery: "unknown" }))
    : Effect.succeed({ status: reply.status, headers: { date: httpDate(now), ...reply.headers }, body })
}
