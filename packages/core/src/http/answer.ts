/** What a vendor's answer means: its value, or the error that says why there is none. */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { Delivery, Evidence } from "../model/Evidence.ts"
import type { FieldIssue } from "../model/FieldIssue.ts"
import * as Json from "../model/Json.ts"
import * as Reason from "../model/Reason.ts"
import type { RetlError } from "../model/RetlError.ts"
import type { Response } from "./exchange.ts"
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

/**
 * Decodes an answer: to its value, or to the error of its refusal, which is `UnexpectedResponse` for any other answer that is not
 * a success.
 */
export const decode = <A>(
  { classify, requestIdHeaders = [], error }: Reading,
  { operation, answer: schema, empty }: Expected<A>,
  response: Response,
): Result.Result<A, RetlError> => {
  const { status, headers } = response
  const text = decoder.decode(response.body)
  const json = parseJson(text)

  const fail = (reason: Reason.Reason, delivery: Delivery, { code, text }: Pick<Evidence, "code" | "text"> = {}) => {
    const requestId = requestIdHeaders.map((name) => headers[name]).find((id) => id !== undefined)
    return Result.fail(
      error(operation, reason, delivery, {
        // A transport that gives no status says nothing about the request.
        ...(isStatus && { status }),
        ...(requestId !== undefined && { requestId }),
        ...(code !== undefined && { code }),
        ...(text !== undefined && { text }),
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
  if (schema === undefined) return Result.succeed(undefined as A)
  if (json === undefined) {
    if (empty !== undefined && text.trim() === "") return Result.succeed(empty)
    const actual = text.trim() === "" ? "an empty body" : "a body that is not JSON"
    return unexpected([{ path: [], message: `Expected JSON, found ${actual}` }])
  }
  const answer = Wire.decoder(schema)(json)
  return Result.isSuccess(answer) ? Result.succeed(answer.success) : unexpected(answer.failure)
}

/**
 * The statuses that prove nothing, from the vendor or from a proxy: a time-out, a connection that somebody closed or that led to
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

/** Returns the JSON of a text; `undefined` for a text that is not JSON. */
const parseJson = (text: string): unknown => {
  try {
    return Json.parse(text)
  } catch {
    return undefined
  }
}
