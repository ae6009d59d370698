/** What a vendor's answer means: its value, or the error that says why there is none. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Delivery, Evidence } from "../model/Evidence.ts"
import type { FieldIssue } from "../model/FieldIssue.ts"
import * as Json from "../model/Json.ts"
import * as Reason from "../model/Reason.ts"
import type { RetlError } from "../model/RetlError.ts"
import { masked } from "../model/shown.ts"
import type { Response } from "./exchange.ts"
import * as Redaction from "./redaction.ts"
import * as Token from "./token.ts"
import * as Wire from "./Wire.ts"

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

/** What a refusal means: its reason, what the vendor says about it, and whether the vendor says it. */
export interface Classified extends Pick<Evidence, "code" | "text"> {
  /** Why the vendor refused. */
  readonly reason: Reason.Reason
  /**
   * Whether the answer has a form that the vendor gives to a refusal of this operation. A gateway's page has not, and
   * neither has an empty body where the vendor always sends JSON. Such an answer may come after the vendor carried the
   * request out, so the request's delivery is `unknown`.
   */
  readonly isVendorsForm: boolean
}

/** Returns an error of a client's workspace. */
export type MakeError = (
  operation: string,
  reason: Reason.Reason,
  delivery: RetlError["delivery"],
  evidence?: Evidence,
) => RetlError

/** How a client reads answers. */
export interface Reading {
  readonly classify: (answer: Answer) => Classified | undefined
  readonly requestIdHeaders?: ReadonlyArray<string>
  readonly error: MakeError
}

/** The success that a call expects: see `Call`. */
export interface Expected<A> {
  readonly operation: string
  readonly answer?: Schema.ConstraintDecoder<A>
  readonly empty?: A
}

const decoder = new TextDecoder()

/** The most characters of a text from which an error's part is made. */
const maxShown = 10_000

/** The most characters of a refusal from which every form of the token is removed before it is read. */
const maxRedacted = 65_536

/**
 * Decodes an answer. Fails with its refusal, and with `UnexpectedResponse` for any other answer that is not a success.
 */
export const decode = <A>(
  { classify, requestIdHeaders = [], error }: Reading,
  { operation, answer: schema, empty }: Expected<A>,
  response: Response,
  token: string,
): Effect.Effect<A, RetlError> => {
  const { status, headers } = response
  const raw = decoder.decode(response.body)
  const isUnmistakable = Redaction.isUnmistakable(token)
  const isShort = status >= 300 && raw.length <= maxRedacted
  const text = isUnmistakable ? (isShort ? Redaction.redact : Redaction.withoutToken)(raw, token) : raw
  const json = parseJson(text, isUnmistakable ? token : undefined)

  /** Fails without the token in what is shown. */
  const fail = (reason: Reason.Reason, delivery: Delivery, said: Pick<Evidence, "code" | "text"> = {}) => {
    const shown = (part: string, length: number) => bounded(Redaction.redact(part.slice(0, maxShown), token), length)
    const requestId = requestIdHeaders.map((name) => headers[name]).find((id) => id !== undefined)
    return Effect.fail(
      error(operation, shownReason(reason, shown), delivery, {
        // A transport that gives no status says nothing about the request.
        ...(isStatus && { status }),
        ...(requestId !== undefined && { requestId: shown(requestId, 100) }),
        ...(said.code !== undefined && { code: shown(said.code, 100) }),
        ...(said.text !== undefined && { text: shown(said.text, 500) }),
      }),
    )
  }
  const unexpected = (issues: ReadonlyArray<FieldIssue>) => fail(new Reason.UnexpectedResponse({ issues }), "unknown")

  const isStatus = Number.isSafeInteger(status)
  const isRedirect = status >= 300 && status < 400
  const refusal = isRedirect || !isStatus ? undefined : classify({ operation, status, headers, json, text })
  if (refusal !== undefined) {
    return fail(Token.ofRefusal(status, refusal), deliveryOf(status, refusal), refusal)
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

/**
 * The statuses that prove nothing, whoever sends them: a time-out, a connection that somebody closed or that led to
 * another server, something that is busy with a request, maybe this one.
 */
const inconclusive: ReadonlyArray<number> = [408, 421, 423, 425, 499]

/** The statuses by which somebody in front of the API keeps a request from it: no token, too many requests. */
const inFront: ReadonlyArray<number> = [401, 429]

/** See decisions/0017-what-an-answer-proves.md. */
const deliveryOf = (status: number, { isVendorsForm }: Classified): Delivery => {
  if (status >= 500 || inconclusive.includes(status)) return "unknown"
  return isVendorsForm || inFront.includes(status) ? "refused" : "unknown"
}

/** Returns the JSON of a text, also without a token that escapes hide; `undefined` for a text that is not JSON. */
const parseJson = (text: string, token: string | undefined): unknown => {
  try {
    const json = Json.parse(text)
    if (token === undefined || !text.includes("\\")) return json
    const plain = Json.stringify(json) ?? ""
    const clean = Redaction.withoutToken(plain, JSON.stringify(token).slice(1, -1))
    return clean === plain ? json : Json.parse(clean)
  } catch {
    return undefined
  }
}

/** The most issues that the error of a refusal has. */
const maxIssues = 20

/** Returns a reason whose issues, at most 20, have short paths and messages without the token, and without a row's values. */
const shownReason = (reason: Reason.Reason, shown: (text: string, length: number) => string): Reason.Reason => {
  if (reason._tag !== "InvalidRequest" && reason._tag !== "UnexpectedResponse") return reason
  const issues = reason.issues.slice(0, maxIssues).map(({ path, message }) => ({
    path: path.slice(0, 10).map((part) => masked(shown(part, 100))),
    message: masked(shown(message, 500)),
  }))
  return reason._tag === "InvalidRequest"
    ? new Reason.InvalidRequest({ issues })
    : new Reason.UnexpectedResponse({ issues })
}

const bounded = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`
