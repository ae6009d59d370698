/**
 * Not an emulator: a transport that keeps what it is asked to send and answers from a list. For tests of what exactly
 * goes onto the wire, and of answers that no vendor would give.
 */
import type { Request, Response, Service } from "@openretl/core/Transport"
import type { TransportError } from "@openretl/core/TransportError"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

export interface Answer {
  /** @default 200 */
  readonly status?: number
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** Bytes as they are, a string as it is, anything else as JSON. */
  readonly body?: unknown
}

export interface Recording {
  /** What was sent, in order; secrets are still `Redacted`. */
  readonly requests: ReadonlyArray<Request>
  readonly service: Service
}

/** Gives these answers one after the other, the last of them for ever. */
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

/** A request as it goes onto the wire, secrets revealed, to compare it. */
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
