/**
 * A transport that keeps every request and answers from a list. It emulates no vendor: it is for tests of the exact
 * requests that are sent, and of answers that no vendor would give.
 */
import type { Request, Response, Service } from "@openretl/core/Transport"
import type { TransportError } from "@openretl/core/TransportError"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

/** An answer of a recording transport. */
export interface Answer {
  /** The status code. @default 200 */
  readonly status?: number
  /** Headers, with names in lower case. @default none */
  readonly headers?: Readonly<Record<string, string>>
  /** Bytes and strings are sent unchanged, anything else as JSON. @default an empty body */
  readonly body?: unknown
}

/** A recording transport and what it recorded. */
export interface Recording {
  /** The requests in the order in which they were sent; secrets are still `Redacted`. */
  readonly requests: ReadonlyArray<Request>
  /** Takes the place of core's transport. */
  readonly service: Service
}

/**
 * Creates a transport that gives these answers in order and then repeats the last. An error is a failed request.
 * Without answers, every request gets an empty 200.
 */
export const make = (...answers: ReadonlyArray<Answer | TransportError>): Recording => {
  const requests: Array<Request> = []
  return {
    requests,
    service: {
      send: (request) =>
        Effect.suspend((): Effect.Effect<Response, TransportError> => {
          const answer = answers[Math.min(requests.length, answers.length - 1)] ?? {}
          requests.push(request)
          if (isError(answer)) return Effect.fail(answer)
          return Effect.succeed({
            status: answer.status ?? 200,
            headers: answer.headers ?? {},
            body: bytesOf(answer.body),
          })
        }),
    },
  }
}

/** Returns a request as it is sent, with its secrets revealed, for comparison. */
export const onTheWire = ({ method, url, headers, body }: Request) => ({
  method,
  url,
  headers: Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Redacted.isRedacted(value) ? Redacted.value(value) : value]),
  ),
  ...(body !== undefined && { body }),
})

const isError = (answer: Answer | TransportError): answer is TransportError => "_tag" in answer

const bytesOf = (body: unknown): Uint8Array => {
  if (body instanceof Uint8Array) return body
  if (body === undefined) return new Uint8Array()
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body))
}
