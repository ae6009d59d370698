/**
 * What an adapter's client is made of: one typed call over the transport.
 *
 * It encodes ids into the path, puts the token on the request, bounds the body and the time, decodes the answer
 * leniently, and turns everything that is not a good answer into a `RetlError`. It sends once: the only second request
 * it ever makes is after a 401, with a token that was read again.
 */
import type * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Evidence } from "../model/Evidence.ts"
import type { FieldIssue } from "../model/FieldIssue.ts"
import * as Input from "../model/Input.ts"
import * as Reason from "../model/Reason.ts"
import { RetlError } from "../model/RetlError.ts"
import * as Path from "./path.ts"
import { type Method, type Response, Transport, type Service as TransportService } from "./Transport.ts"
import * as Token from "./token.ts"
import * as Wire from "./Wire.ts"

export type { TokenSource } from "./token.ts"

/** A vendor's answer, as `classify` sees it: a refusal, or a success whose body may hold one. */
export interface Answer {
  readonly operation: string
  readonly status: number
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body where it is JSON. */
  readonly json: unknown
  readonly text: string
}

/** What an answer means. */
export interface Classified extends Pick<Evidence, "code" | "text"> {
  readonly reason: Reason.Reason
}

export interface Settings {
  /** The workspace's name, for errors. */
  readonly workspace: string
  readonly vendor: string
  /** `https://api.example.com`, without a slash at the end. */
  readonly baseUrl: string
  readonly token: Token.TokenSource
  /** Headers of every request besides the token's, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** The headers, in order of preference, in which the vendor gives the id of a request. */
  readonly requestIdHeaders?: ReadonlyArray<string>
  /**
   * Says what a vendor's refusal means. Pure and ordered; the only place that reads a vendor's error bodies. It sees every
   * answer but redirects. Returns `undefined` for an answer that is no refusal: for a 2xx, unless its body holds one.
   */
  readonly classify: (answer: Answer) => Classified | undefined
  /** How long one read may take. @default "30 seconds" */
  readonly readTimeout?: Duration.Input
  /** How long one write may take; jobs are seen created after more than a minute. @default "180 seconds" */
  readonly writeTimeout?: Duration.Input
  /** How many bytes of one answer are read. @default 8 MiB */
  readonly maxBytes?: number
}

/** What an adapter's options settle; the rest of its client's settings is the same for everyone. */
export type OfOptions = Pick<Settings, "workspace" | "token" | "baseUrl" | "readTimeout" | "writeTimeout">

export interface Call<A> {
  /** For errors and spans, as in `list`. */
  readonly operation: string
  readonly method: Method
  /** The path's segments, unencoded: `["v2", "retl-connections", id, "start"]`. */
  readonly path: ReadonlyArray<string>
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** The schema of a success's body, decoded leniently; absent where the body does not matter. */
  readonly answer?: Schema.ConstraintDecoder<A>
  /** The value of a success without a body. Absent: such an answer fails with `UnexpectedResponse`. */
  readonly empty?: A
}

/** An answer with the vendor's own clock at that time, where its `date` header tells. */
export interface Dated<A> {
  readonly value: A
  readonly date: DateTime.Utc | undefined
}

export interface VendorClient {
  /**
   * Sends one request and decodes its answer. Fails with `RetlError`. After a 401 it sends a second one, with a token that
   * was read again, where the token is an effect.
   */
  readonly call: <A = void>(call: Call<A>) => Effect.Effect<A, RetlError>
  /** Sends one request, as `call`, and returns the vendor's clock besides. */
  readonly callDated: <A>(call: Call<A>) => Effect.Effect<Dated<A>, RetlError>
  /**
   * Validates a request strictly. Fails with `InvalidRequest`, with every problem at once and unknown fields named, before
   * anything is sent.
   */
  readonly validate: <A>(
    operation: string,
    schema: Schema.ConstraintDecoder<A>,
    request: unknown,
  ) => Effect.Effect<A, RetlError>
  /** Where the API is, without a slash at the end. */
  readonly baseUrl: string
  /** Makes an error of this client's workspace. */
  readonly error: (
    operation: string,
    reason: Reason.Reason,
    delivery: RetlError["delivery"],
    evidence?: Evidence,
  ) => RetlError
}

/** Of a vendor's refusal, this many issues are kept. */
const maxIssues = 20

/** How long a write may take unless told otherwise: jobs are seen created after more than a minute. */
export const defaultWriteTimeout = Duration.seconds(180)

const defaults = { read: Duration.seconds(30), write: defaultWriteTimeout, maxBytes: 8 * 1024 * 1024 }

export const make = (settings: Settings): Effect.Effect<VendorClient> =>
  Effect.map(Transport, (transport) => {
    const token = Token.make(settings.token)
    const error: VendorClient["error"] = (operation, reason, delivery, evidence = {}) =>
      new RetlError({
        workspace: settings.workspace,
        vendor: settings.vendor,
        operation,
        reason,
        delivery,
        evidence,
        attempts: 1,
        exhausted: false,
      })

    const validate: VendorClient["validate"] = (operation, schema, request) =>
      Effect.suspend(() => {
        const decoded = Input.decoder(schema)(request)
        return Result.isSuccess(decoded)
          ? Effect.succeed(decoded.success)
          : Effect.fail(error(operation, new Reason.InvalidRequest({ issues: decoded.failure }), "not-sent"))
      })

    const callDated = Effect.fnUntraced(function* <A>(spec: Call<A>) {
      const url = Path.build(settings.baseUrl, spec.path, spec.query)
      if (Result.isFailure(url)) {
        const issues = [{ path: ["path"], message: url.failure }]
        return yield* error(spec.operation, new Reason.InvalidRequest({ issues }), "not-sent")
      }
      const first = yield* token.read.pipe(Effect.mapError(() => unreadableToken(spec.operation)))
      const attempt = once(transport, settings, error, spec, url.success)
      return yield* attempt(first).pipe(
        Effect.catchIf(
          (failure) => failure.reason._tag === "Unauthenticated" && token.canReread,
          (failure) =>
            token.reread(first).pipe(
              Effect.mapError(() => failure),
              Effect.flatMap((second) => attempt(second)),
              Effect.mapError((last) => (last === failure ? last : last.withAttempts(2, false))),
            ),
        ),
      )
    })

    const unreadableToken = (operation: string) =>
      error(operation, new Reason.Unauthenticated(), "not-sent", { text: "the token could not be read" })

    return {
      baseUrl: settings.baseUrl,
      callDated,
      validate,
      call: (spec) => Effect.map(callDated(spec), ({ value }) => value),
      error,
    }
  })

const once = <A>(
  transport: TransportService,
  settings: Settings,
  error: VendorClient["error"],
  spec: Call<A>,
  url: string,
): ((token: Redacted.Redacted) => Effect.Effect<Dated<A>, RetlError>) => {
  const isRead = spec.method === "GET"
  const after = Duration.fromInputUnsafe(
    isRead ? (settings.readTimeout ?? defaults.read) : (settings.writeTimeout ?? defaults.write),
  )
  return (token) =>
    transport
      .send({
        method: spec.method,
        url,
        headers: {
          accept: "application/json",
          ...(spec.body !== undefined && { "content-type": "application/json" }),
          ...settings.headers,
          ...spec.headers,
          authorization: Redacted.make(`Bearer ${Redacted.value(token)}`),
        },
        maxBytes: settings.maxBytes ?? defaults.maxBytes,
        ...(spec.body !== undefined && { body: JSON.stringify(spec.body) }),
      })
      .pipe(
        Effect.mapError((lost) => error(spec.operation, new Reason.Network({ code: lost.code }), lost.delivery)),
        Effect.timeoutOrElse({
          duration: after,
          orElse: () => Effect.fail(error(spec.operation, new Reason.Timeout({ after }), "unknown")),
        }),
        Effect.flatMap((response) =>
          Effect.map(read(settings, error, spec, response, Redacted.value(token)), (value) => ({
            value,
            date: Wire.httpDate(response.headers["date"]),
          })),
        ),
      )
}

const decoder = new TextDecoder()

const read = <A>(
  settings: Settings,
  error: VendorClient["error"],
  spec: Call<A>,
  response: Response,
  token: string,
): Effect.Effect<A, RetlError> => {
  const raw = decoder.decode(response.body)
  const text = withoutToken(raw, token)
  const json = parseJson(text, token)
  const evidence = { status: response.status, ...requestId(settings, response, token) }
  const unexpected = (issues: ReadonlyArray<FieldIssue>) =>
    error(spec.operation, new Reason.UnexpectedResponse({ issues }), "unknown", evidence)

  const { status, headers } = response
  const isRedirect = status >= 300 && status < 400
  const refusal = isRedirect ? undefined : settings.classify({ operation: spec.operation, status, headers, json, text })
  if (refusal !== undefined) {
    const delivery = status >= 500 || status === 408 ? "unknown" : "refused"
    return Effect.fail(
      error(spec.operation, boundedReason(refusal.reason), delivery, {
        ...evidence,
        ...(refusal.code !== undefined && { code: bounded(refusal.code, 100) }),
        ...(refusal.text !== undefined && { text: bounded(refusal.text, 500) }),
      }),
    )
  }
  if (status >= 200 && status < 300) {
    if (spec.answer === undefined) return Effect.succeed(undefined as A)
    if (json === undefined) {
      if (spec.empty !== undefined && text.trim() === "") return Effect.succeed(spec.empty)
      const found = text.trim() === "" ? "an empty body" : "a body that is not JSON"
      return Effect.fail(unexpected([{ path: [], message: `Expected JSON, found ${found}` }]))
    }
    const answer = Wire.decoder(spec.answer)(json)
    return Result.isSuccess(answer) ? Effect.succeed(answer.success) : Effect.fail(unexpected(answer.failure))
  }
  const found = isRedirect ? `a redirect (${status})` : `HTTP ${status}`
  return Effect.fail(unexpected([{ path: [], message: `Expected an answer, found ${found}` }]))
}

/** A vendor that echoes the token must not make it ours to leak: it is cut out before anything reads the answer. */
const withoutToken = (text: string, token: string): string =>
  text.includes(token) ? text.replaceAll(token, "<redacted>") : text

const requestId = (settings: Settings, response: Response, token: string): Pick<Evidence, "requestId"> => {
  const name = settings.requestIdHeaders?.find((header) => response.headers[header] !== undefined)
  const id = name === undefined ? undefined : response.headers[name]
  return id === undefined ? {} : { requestId: bounded(withoutToken(id, token), 100) }
}

/** `undefined` for what is not JSON; JSON itself has no such value. A token that was hidden in escapes is cut out too. */
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

/** What a vendor says of fields, kept short however much it says. */
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
