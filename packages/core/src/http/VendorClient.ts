/**
 * The client of a vendor's API: one typed call over the transport. For adapters.
 *
 * A call encodes ids into the path, puts the token on the request, bounds the time and the body, decodes the answer
 * leniently, and fails with a `RetlError` for every answer that is not a success. It sends one request, right after its
 * `SendGate`; after a 401 it sends a second one, with a token that was read again.
 */
import * as Cause from "effect/Cause"
import type * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Delivery } from "../model/Evidence.ts"
import type { FieldIssue } from "../model/FieldIssue.ts"
import * as Input from "../model/Input.ts"
import * as Json from "../model/Json.ts"
import * as Reason from "../model/Reason.ts"
import { RetlError } from "../model/RetlError.ts"
import * as Answers from "./answer.ts"
import { CurrentRequest, type Remaining } from "./currentRequest.ts"
import * as Deadline from "./deadline.ts"
import * as Observed from "./observed.ts"
import * as Path from "./path.ts"
import * as Redaction from "./redaction.ts"
import { SendGate } from "./SendGate.ts"
import { type Method, Transport, type Service as TransportService } from "./Transport.ts"
import * as Token from "./token.ts"
import * as Wire from "./Wire.ts"

export type { Answer, Classified } from "./answer.ts"
export type { Remaining } from "./currentRequest.ts"
export type { Segment } from "./path.ts"
export type { Redact } from "./redaction.ts"
export type { TokenSource } from "./token.ts"

/** The settings of a client. */
export interface Settings {
  /** The workspace's name, for errors. */
  readonly workspace: string
  /** The vendor's short name, for errors. */
  readonly vendor: string
  /** The address of the API, without a slash at the end, as in `https://api.example.com`. */
  readonly baseUrl: string
  /** The token of every request, or an effect that reads it. */
  readonly token: Token.TokenSource
  /** The headers of every request besides the token's, names in lower case. @default none */
  readonly headers?: Readonly<Record<string, string>>
  /** The headers of an answer that may have the vendor's id of the request, in order of preference. @default none */
  readonly requestIdHeaders?: ReadonlyArray<string>
  /**
   * Returns what a refusal means; `undefined` for an answer that is not a refusal. It gets every answer but redirects:
   * the body of a 2xx may be a refusal too. It is pure, and the only function that reads a vendor's error bodies.
   */
  readonly classify: (answer: Answers.Answer) => Answers.Classified | undefined
  /**
   * Returns what the headers of a success say about the rate limit; `undefined` where they say nothing, or nothing that
   * makes sense. It is pure. @default the vendor's headers say nothing
   */
  readonly remaining?: (headers: Readonly<Record<string, string>>) => Remaining | undefined
  /** How long one read may take. @default "30 seconds" */
  readonly readTimeout?: Duration.Input
  /** How long one write may take; some vendors create a job only after more than a minute. @default "180 seconds" */
  readonly writeTimeout?: Duration.Input
  /** The most bytes of an answer's body. @default 8 MiB */
  readonly maxBytes?: number
}

/** The settings that come from a workspace's options. */
export type OfOptions = Pick<Settings, "workspace" | "token" | "baseUrl" | "readTimeout" | "writeTimeout" | "maxBytes">

/** One request, and how to decode its answer. */
export interface Call<A> {
  /** The name of the operation, for errors and spans, as in `list`. */
  readonly operation: string
  /** The HTTP method. A `GET` is a read; every other method is a write. */
  readonly method: Method
  /**
   * The path's segments, unencoded, as in `["v2", "retl-connections", { connection }, "start"]`. An id is an object of one
   * field: telemetry shows the field's name in its place, and never the id.
   */
  readonly path: ReadonlyArray<Path.Segment>
  /** The query, unencoded; `undefined` values are left out. @default none */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  /**
   * The body, which is sent as JSON.
   *
   * @default none; for a `POST`, `PUT` or `PATCH` `{}`, since some gateways refuse these without a content type, and some
   * an empty body
   */
  readonly body?: unknown
  /** Headers of this request alone, names in lower case. @default none */
  readonly headers?: Readonly<Record<string, string>>
  /** The schema of a success's body. Absent: a success has the value `undefined`, and its body is ignored. */
  readonly answer?: Schema.ConstraintDecoder<A>
  /** The value of a success without a body. Absent: such an answer fails with `UnexpectedResponse`. */
  readonly empty?: A
}

/** The value of an answer, and the vendor's clock at that time. */
export interface Dated<A> {
  /** The decoded body. */
  readonly value: A
  /** The time of the answer's `date` header; `undefined` without one. */
  readonly date: DateTime.Utc | undefined
}

/** The client of a vendor's API. */
export interface VendorClient {
  /**
   * Sends one request and returns its decoded answer. Fails with `RetlError`. Where the token is an effect, it sends a second
   * request with a token that was read again: after a 401, after a 403 that says that the token has expired, and after the
   * 403 of an operation that has succeeded with the token before, where the new one differs.
   */
  readonly call: <A = void>(call: Call<A>) => Effect.Effect<A, RetlError>
  /** As `call`, and returns the vendor's clock as well. */
  readonly callDated: <A>(call: Call<A>) => Effect.Effect<Dated<A>, RetlError>
  /**
   * Validates a request strictly. Fails with `InvalidRequest`, with every problem at once and unknown fields named,
   * before anything is sent.
   */
  readonly validate: <A>(
    operation: string,
    schema: Schema.ConstraintDecoder<A>,
    request: unknown,
  ) => Effect.Effect<A, RetlError>
  /** The address of the API, without a slash at the end. */
  readonly baseUrl: string
  /**
   * A text that stands for the token as it was first read: workspaces of one process that use one token share its rate
   * limit. It does not reveal the token. Where the token comes from an effect, an effect that reads it; it fails with
   * `Unauthenticated` where the token cannot be read.
   */
  readonly account: string | Effect.Effect<string, RetlError>
  /**
   * Returns a text without the token, in any form in which a vendor may echo it. For what is shown: a text that is read, or
   * compared with the vendor's words, stays as it is.
   */
  readonly redact: Redaction.Redact
  /** Returns an error of this client's workspace, with one attempt. What it shows of the vendor's is cut and short. */
  readonly error: Answers.MakeError
}

/** How long one write may take by default. */
export const defaultWriteTimeout = Duration.seconds(180)

const defaults = { read: Duration.seconds(30), write: defaultWriteTimeout, maxBytes: 8 * 1024 * 1024 }

/** What the calls of one client share. */
interface Connected {
  readonly settings: Settings
  readonly transport: TransportService
  readonly token: Token.Token
  readonly error: VendorClient["error"]
  readonly observe: Observed.Observe
}

/** Creates a client over the `Transport` of its surroundings. */
export const make = (settings: Settings): Effect.Effect<VendorClient> =>
  Effect.map(Transport, (transport) => {
    const { workspace, vendor, baseUrl } = settings
    const token = Token.make(settings.token)
    const { redact } = token
    const plain: VendorClient["error"] = (operation, reason, delivery, evidence = {}) =>
      new RetlError({ workspace, vendor, operation, reason, delivery, evidence, attempts: 1, exhausted: false })
    const error: VendorClient["error"] = (operation, reason, delivery, evidence = {}) =>
      plain(operation, Redaction.reason(redact, reason), delivery, Redaction.evidence(redact, evidence))
    const client: Connected = { settings, transport, token, error, observe: Observed.make(settings) }
    return {
      baseUrl,
      account:
        typeof token.account === "string"
          ? token.account
          : Effect.mapError(token.account, () => unreadable(client, "check")),
      redact,
      error,
      validate: (operation, schema, request) =>
        Effect.suspend(() => {
          const decoded = Input.decoder(schema)(request)
          return Result.isSuccess(decoded)
            ? Effect.succeed(decoded.success)
            : Effect.fail(plain(operation, new Reason.InvalidRequest({ issues: decoded.failure }), "not-sent"))
        }),
      callDated: (call) => send(client, call),
      call: (call) => Effect.map(send(client, call), ({ value }) => value),
    }
  })

const unreadable = ({ error }: Connected, operation: string): RetlError =>
  error(operation, new Reason.Unauthenticated(), "not-sent", { text: "the token could not be read" })

/** Sends a call and, where the token was refused, sends it again with a token that was read again. */
const send = <A>(client: Connected, call: Call<A>): Effect.Effect<Dated<A>, RetlError> =>
  Effect.suspend(() => {
    const { settings, token, error } = client
    const url = Path.build(settings.baseUrl, call.path, call.query)
    const invalid = (issue: FieldIssue) =>
      Effect.fail(error(call.operation, new Reason.InvalidRequest({ issues: [issue] }), "not-sent"))
    if (Result.isFailure(url)) return invalid({ path: ["path"], message: url.failure })
    const body = bodyOf(call)
    if (Result.isFailure(body)) return invalid(body.failure)
    const attempt = attemptOf(client, call, url.success, body.success)
    // Most tokens are read already.
    const read = Effect.mapErrorEager(token.read, () => unreadable(client, call.operation))
    return Effect.flatMapEager(read, (first) =>
      token.canReread ? again(client, call, first, attempt) : attempt(first, 1),
    )
  })

/** A function that sends one request with a token. `number` counts the requests of a call from 1. */
type Attempt<A> = (token: Redacted.Redacted, number: number) => Effect.Effect<Dated<A>, RetlError>

/** Sends a request and, where it was refused because of its token, sends it again with another one. */
const again = <A>(
  { token }: Connected,
  { operation }: Call<A>,
  first: Redacted.Redacted,
  attempt: Attempt<A>,
): Effect.Effect<Dated<A>, RetlError> =>
  Effect.catchIf(
    attempt(first, 1),
    (refusal) => isAboutToken(refusal, token.hasServed(first, operation)),
    (refusal) =>
      token.reread(first).pipe(
        Effect.mapError(() => refusal),
        Effect.flatMap((second) =>
          refusal.reason._tag === "Unauthenticated" || Redacted.value(second) !== Redacted.value(first)
            ? attempt(second, 2)
            : Effect.fail(refusal),
        ),
      ),
  )

/**
 * Returns whether another token may help: after a 401, after a 403 that says so, and after the 403 of an operation that has
 * succeeded with this token.
 */
const isAboutToken = ({ reason, delivery, evidence }: RetlError, hasServed: boolean): boolean => {
  if (reason._tag === "Unauthenticated" && evidence.status === 401) return true
  if (evidence.status !== 403 || delivery !== "refused") return false
  return reason._tag === "Unauthenticated" || (reason._tag === "PermissionDenied" && hasServed)
}

/** Returns a request's body as JSON; `undefined` for none. Fails where it is nested too deep, or has a cycle. */
const bodyOf = ({ method, body }: Call<unknown>): Result.Result<string | undefined, FieldIssue> => {
  if (body === undefined) return Result.succeed(/^P/.test(method) ? "{}" : undefined)
  try {
    const path = Json.pathOfNumberText(body)
    if (path !== undefined)
      return Result.fail({ path, message: "Expected a number that can be written as it was read" })
    return Result.succeed(Json.stringify(body))
  } catch {
    return Result.fail({ path: [], message: "Expected a body that JSON can show" })
  }
}

/** A transport may fail with anything: what it does not say is unknown. */
const failureOf = (
  failure: unknown,
  maxBytes: number,
  baseUrl: string,
): readonly [reason: Reason.Network | Reason.TooLarge, delivery: Delivery] => {
  const code = Input.field(failure, "code")
  if (code === "too-large") return [new Reason.TooLarge({ maxBytes }), "unknown"]
  return [
    new Reason.Network({ code: typeof code === "string" ? code : "unknown", origin: new URL(baseUrl).origin }),
    Input.field(failure, "delivery") === "not-sent" ? "not-sent" : "unknown",
  ]
}

/** Returns what a transport failed with. The message of a defect may show the request's headers. */
const failureIn = (cause: Cause.Cause<unknown>): unknown =>
  Cause.hasDies(cause) ? { code: "died" } : Option.getOrUndefined(Cause.findErrorOption(cause))

const bearers = new WeakMap<Redacted.Redacted, Redacted.Redacted>()

/** Returns the value of the header for a token, made once. */
const bearerOf = (token: Redacted.Redacted): Redacted.Redacted => {
  const bearer = bearers.get(token) ?? Redacted.make(`Bearer ${Redacted.value(token)}`)
  bearers.set(token, bearer)
  return bearer
}

/** Returns what sends the requests of a call. */
const attemptOf = <A>(
  { settings, transport, token: source, error, observe }: Connected,
  call: Call<A>,
  url: string,
  body: string | undefined,
): Attempt<A> => {
  const isRead = call.method === "GET"
  const after = Duration.fromInputUnsafe(
    isRead ? (settings.readTimeout ?? defaults.read) : (settings.writeTimeout ?? defaults.write),
  )
  const maxBytes = settings.maxBytes ?? defaults.maxBytes
  return (token, number) => {
    let hasBegun = transport.tellsStart !== true
    let observed: number | undefined
    const makeError: VendorClient["error"] = (...args) => error(...args).withAttempts(number, false)
    const fail = (reason: Reason.Reason, delivery: Delivery) => Effect.fail(makeError(call.operation, reason, delivery))
    const send = () =>
      transport.send({
        method: call.method,
        url,
        headers: {
          accept: "application/json",
          ...(body !== undefined && { "content-type": "application/json" }),
          ...settings.headers,
          ...call.headers,
          authorization: bearerOf(token),
        },
        maxBytes,
        onStart: () => {
          hasBegun = true
        },
        ...(body !== undefined && { body }),
      })
    const exchange = Effect.matchCauseEffect(Deadline.within(send, after), {
      onSuccess: (response): Effect.Effect<Dated<A>, RetlError> => {
        const { status, headers } = response
        observed = status
        const value = Answers.decode({ ...settings, error: makeError }, call, response)
        if (Result.isSuccess(value)) source.served(token, call.operation)
        const ended = Result.isSuccess(value)
          ? Effect.succeed({ value: value.success, date: Wire.httpDate(headers["date"]) })
          : Effect.fail(value.failure)
        const remaining = status < 300 ? settings.remaining?.(headers) : undefined
        return remaining === undefined
          ? ended
          : Effect.flatMap(CurrentRequest, ({ onRemaining }) => Effect.andThen(onRemaining(remaining), ended))
      },
      onFailure: (cause) => {
        if (Cause.hasInterruptsOnly(cause)) return Effect.interrupt
        const failure = failureIn(cause)
        return failure === Deadline.late
          ? fail(new Reason.Timeout({ after }), hasBegun ? "unknown" : "not-sent")
          : fail(...failureOf(failure, maxBytes, settings.baseUrl))
      },
    })
    return Effect.withFiber((fiber) => {
      const request = () => observe(fiber, call, number, () => observed, exchange)
      const gate = fiber.getRef(SendGate)
      // Most requests have the default, which lets all pass.
      return gate === Effect.void
        ? request()
        : Effect.matchEffect(gate, {
            onFailure: (why) =>
              Effect.fail(
                error(call.operation, new Reason.Stopped({ why }), "not-sent").withAttempts(number - 1, false),
              ),
            onSuccess: request,
          })
    })
  }
}
