/**
 * The client of a vendor's API: one typed call over the transport. For adapters.
 *
 * A call encodes ids into the path, puts the token on the request, bounds the time and the body, decodes the answer
 * leniently, and fails with a `RetlError` for every answer that is not a success. It sends one request; after a 401
 * it sends a second one, with a token that was read again.
 */
import type * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Delivery, Evidence } from "../model/Evidence.ts"
import type { FieldIssue } from "../model/FieldIssue.ts"
import * as Input from "../model/Input.ts"
import * as Reason from "../model/Reason.ts"
import { RetlError } from "../model/RetlError.ts"
import * as Path from "./path.ts"
import { OnRemaining, type Remaining } from "./remaining.ts"
import { type Method, type Response, Transport, type Service as TransportService } from "./Transport.ts"
import * as Token from "./token.ts"
import * as Wire from "./Wire.ts"

export type { Remaining } from "./remaining.ts"
export type { TokenSource } from "./token.ts"

/** A vendor's answer, as `classify` gets it. */
export interface Answer {
  /** The operation of the call. */
  readonly operation: string
  /** The HTTP status; never a redirect's. */
  readonly status: number
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body, where it is JSON; otherwise `undefined`. */
  readonly json: unknown
  /** The body as text. */
  readonly text: string
}

/** What a refusal means: its reason, and what the vendor says about it. */
export interface Classified extends Pick<Evidence, "code" | "text"> {
  /** Why the vendor refused. */
  readonly reason: Reason.Reason
}

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
  readonly classify: (answer: Answer) => Classified | undefined
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
export type OfOptions = Pick<Settings, "workspace" | "token" | "baseUrl" | "readTimeout" | "writeTimeout">

/** One request, and how to decode its answer. */
export interface Call<A> {
  /** The name of the operation, for errors and spans, as in `list`. */
  readonly operation: string
  /** The HTTP method. A `GET` is a read; every other method is a write. */
  readonly method: Method
  /** The path's segments, unencoded, as in `["v2", "retl-connections", id, "start"]`. */
  readonly path: ReadonlyArray<string>
  /** The query, unencoded; `undefined` values are left out. @default none */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  /** The body, which is sent as JSON. @default none */
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
   * Sends one request and returns its decoded answer. Fails with `RetlError`. After a 401 it sends a second request,
   * with a token that was read again, where the token is an effect.
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
  /** Returns an error of this client's workspace, with one attempt. */
  readonly error: (
    operation: string,
    reason: Reason.Reason,
    delivery: RetlError["delivery"],
    evidence?: Evidence,
  ) => RetlError
}

/** The most issues that the error of a refusal has. */
const maxIssues = 20

/** How long one write may take by default. */
export const defaultWriteTimeout = Duration.seconds(180)

const defaults = { read: Duration.seconds(30), write: defaultWriteTimeout, maxBytes: 8 * 1024 * 1024 }

/** What the calls of one client share. */
interface Connected {
  readonly settings: Settings
  readonly transport: TransportService
  readonly token: Token.Token
  readonly error: VendorClient["error"]
}

/** Creates a client over the `Transport` of its surroundings. */
export const make = (settings: Settings): Effect.Effect<VendorClient> =>
  Effect.map(Transport, (transport) => {
    const { workspace, vendor, baseUrl } = settings
    const error: VendorClient["error"] = (operation, reason, delivery, evidence = {}) =>
      new RetlError({ workspace, vendor, operation, reason, delivery, evidence, attempts: 1, exhausted: false })
    const token = Token.make(settings.token)
    const client: Connected = { settings, transport, token, error }
    return {
      baseUrl,
      account:
        typeof token.account === "string"
          ? token.account
          : Effect.mapError(token.account, () => unreadable(client, "check")),
      error,
      validate: (operation, schema, request) =>
        Effect.suspend(() => {
          const decoded = Input.decoder(schema)(request)
          return Result.isSuccess(decoded)
            ? Effect.succeed(decoded.success)
            : Effect.fail(error(operation, new Reason.InvalidRequest({ issues: decoded.failure }), "not-sent"))
        }),
      callDated: (call) => send(client, call),
      call: (call) => Effect.map(send(client, call), ({ value }) => value),
    }
  })

const unreadable = ({ error }: Connected, operation: string): RetlError =>
  error(operation, new Reason.Unauthenticated(), "not-sent", { text: "the token could not be read" })

/** Sends a call and, after a 401, sends it again with a token that was read again. */
const send = Effect.fnUntraced(function* <A>(client: Connected, call: Call<A>): Effect.fn.Return<Dated<A>, RetlError> {
  const { settings, token, error } = client
  const url = Path.build(settings.baseUrl, call.path, call.query)
  if (Result.isFailure(url)) {
    const issues = [{ path: ["path"], message: url.failure }]
    return yield* error(call.operation, new Reason.InvalidRequest({ issues }), "not-sent")
  }
  const body = bodyOf(call.body)
  if (Result.isFailure(body)) {
    return yield* error(call.operation, new Reason.InvalidRequest({ issues: [body.failure] }), "not-sent")
  }
  const first = yield* Effect.mapError(token.read, () => unreadable(client, call.operation))
  const attempt = attemptOf(client, call, url.success, body.success)
  return yield* attempt(first).pipe(
    Effect.catchIf(
      (refusal) => refusal.reason._tag === "Unauthenticated" && token.canReread,
      (refusal) =>
        token.reread(first).pipe(
          Effect.mapError(() => refusal),
          Effect.flatMap((second) => attempt(second)),
          Effect.mapError((last) => (last === refusal ? last : last.withAttempts(2, false))),
        ),
    ),
  )
})

/** Returns a request's body as JSON; `undefined` for none. Fails where it is nested too deep, or has a cycle. */
const bodyOf = (body: unknown): Result.Result<string | undefined, FieldIssue> => {
  try {
    return Result.succeed(JSON.stringify(body))
  } catch {
    return Result.fail({ path: [], message: "Expected a body that JSON can show" })
  }
}

/** A transport may fail with anything: what it does not say is unknown. */
const networkErrorOf = (failure: unknown): { readonly reason: Reason.Network; readonly delivery: Delivery } => {
  const code = Input.field(failure, "code")
  return {
    reason: new Reason.Network({ code: typeof code === "string" ? code : "unknown" }),
    delivery: Input.field(failure, "delivery") === "not-sent" ? "not-sent" : "unknown",
  }
}

/** Returns the function that sends one request with a token. */
const attemptOf = <A>(
  { settings, transport, error }: Connected,
  call: Call<A>,
  url: string,
  body: string | undefined,
): ((token: Redacted.Redacted) => Effect.Effect<Dated<A>, RetlError>) => {
  const isRead = call.method === "GET"
  const after = Duration.fromInputUnsafe(
    isRead ? (settings.readTimeout ?? defaults.read) : (settings.writeTimeout ?? defaults.write),
  )
  return (token) =>
    transport
      .send({
        method: call.method,
        url,
        headers: {
          accept: "application/json",
          ...(body !== undefined && { "content-type": "application/json" }),
          ...settings.headers,
          ...call.headers,
          authorization: Redacted.make(`Bearer ${Redacted.value(token)}`),
        },
        maxBytes: settings.maxBytes ?? defaults.maxBytes,
        ...(body !== undefined && { body }),
      })
      .pipe(
        Effect.mapError((failure) => {
          const { reason, delivery } = networkErrorOf(failure)
          return error(call.operation, reason, delivery)
        }),
        Effect.timeoutOrElse({
          duration: after,
          orElse: () => Effect.fail(error(call.operation, new Reason.Timeout({ after }), "unknown")),
        }),
        Effect.tap(({ status, headers }) => {
          const remaining = status < 300 ? settings.remaining?.(headers) : undefined
          return remaining === undefined ? Effect.void : Effect.flatMap(OnRemaining, (report) => report(remaining))
        }),
        Effect.flatMap((response) =>
          Effect.map(decode(settings, error, call, response, Redacted.value(token)), (value) => ({
            value,
            date: Wire.httpDate(response.headers["date"]),
          })),
        ),
      )
}

const decoder = new TextDecoder()

/**
 * Decodes an answer. Fails with its refusal, and with `UnexpectedResponse` for any other answer that is not a success.
 */
const decode = <A>(
  settings: Settings,
  error: VendorClient["error"],
  { operation, answer: schema, empty }: Call<A>,
  response: Response,
  token: string,
): Effect.Effect<A, RetlError> => {
  const { status, headers } = response
  const text = withoutToken(decoder.decode(response.body), token)
  const json = parseJson(text, token)
  // A transport that gives no status says nothing about the request.
  const isStatus = Number.isSafeInteger(status)
  const evidence = { ...(isStatus && { status }), ...requestIdOf(settings, response, token) }
  const unexpected = (issues: ReadonlyArray<FieldIssue>) =>
    Effect.fail(error(operation, new Reason.UnexpectedResponse({ issues }), "unknown", evidence))

  const isRedirect = status >= 300 && status < 400
  const refusal = isRedirect || !isStatus ? undefined : settings.classify({ operation, status, headers, json, text })
  if (refusal !== undefined) {
    const delivery = status >= 500 || status === 408 ? "unknown" : "refused"
    return Effect.fail(
      error(operation, boundedReason(refusal.reason), delivery, {
        ...evidence,
        ...(refusal.code !== undefined && { code: bounded(refusal.code, 100) }),
        ...(refusal.text !== undefined && { text: bounded(refusal.text, 500) }),
      }),
    )
  }
  if (!isStatus || status < 200 || status >= 300) {
    const actual = isRedirect ? `a redirect (${status})` : `HTTP ${status}`
    return unexpected([{ path: [], message: `Expected a success, found ${actual}` }])
  }
  if (schema === undefined) return Effect.succeed(undefined as A)
  if (json === undefined) {
    if (empty !== undefined && text.trim() === "") return Effect.succeed(empty)
    const actual = text.trim() === "" ? "an empty body" : "a body that is not JSON"
    return unexpected([{ path: [], message: `Expected JSON, found ${actual}` }])
  }
  const answer = Wire.decoder(schema)(json)
  return Result.isSuccess(answer) ? Effect.succeed(answer.success) : unexpected(answer.failure)
}

/** Returns a text without the token, which a vendor may echo. */
const withoutToken = (text: string, token: string): string =>
  text.includes(token) ? text.replaceAll(token, "<redacted>") : text

const requestIdOf = (settings: Settings, response: Response, token: string): Pick<Evidence, "requestId"> => {
  const name = settings.requestIdHeaders?.find((header) => response.headers[header] !== undefined)
  const id = name === undefined ? undefined : response.headers[name]
  return id === undefined ? {} : { requestId: bounded(withoutToken(id, token), 100) }
}

/** Returns the JSON of a text, also without a token that escapes hide; `undefined` for a text that is not JSON. */
const parseJson = (text: string, token: string): unknown => {
  try {
    const json: unknown = JSON.parse(text)
    if (!text.includes("\\")) return json
    const plain = JSON.stringify(json)
    const clean = withoutToken(plain, JSON.stringify(token).slice(1, -1))
    return clean === plain ? json : JSON.parse(clean)
  } catch {
    return undefined
  }
}

/** Returns a reason with at most 20 issues, each with a short path and message. */
const boundedReason = (reason: Reason.Reason): Reason.Reason =>
  reason._tag === "InvalidRequest"
    ? new Reason.InvalidRequest({
        issues: reason.issues.slice(0, maxIssues).map(({ path, message }) => ({
          path: path.slice(0, 10).map((part) => bounded(part, 100)),
          message: bounded(message, 500),
        })),
      })
    : reason

const bounded = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`
