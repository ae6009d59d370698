/** A transport that keeps what it is asked to send and answers from a list, the last answer for ever. */
import type { Request, Response } from "@openretl/core/Transport"
import { Transport } from "@openretl/core/Transport"
import type { TransportError } from "@openretl/core/TransportError"
import { Effect, Redacted } from "effect"
import * as SegmentClient from "../src/SegmentClient.ts"

export const token = "segment-token-4f9a1c"

export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Bytes as they are, a string as it is, anything else as JSON. */
  readonly body?: unknown
}

const bytesOf = (body: unknown): Uint8Array => {
  if (body instanceof Uint8Array) return body
  if (body === undefined) return new Uint8Array()
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body))
}

const isError = (answer: Answer | TransportError): answer is TransportError => "_tag" in answer

export const recording = (...answers: ReadonlyArray<Answer | TransportError>) => {
  const requests: Array<Request> = []
  return {
    requests,
    service: {
      send: (request: Request) =>
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

export const client = (
  transport: ReturnType<typeof recording>,
  settings: Partial<SegmentClient.Settings> = {},
): Effect.Effect<SegmentClient.SegmentClient> =>
  SegmentClient.make({
    workspace: "prod",
    baseUrl: SegmentClient.baseUrls.us,
    token: Redacted.make(token),
    ...settings,
  }).pipe(Effect.provideService(Transport, transport.service))

/** A request as it goes onto the wire, for comparing. */
export const onTheWire = ({ method, url, headers, body }: Request) => ({
  method,
  url,
  headers: Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Redacted.isRedacted(value) ? Redacted.value(value) : value]),
  ),
  ...(body !== undefined && { body }),
})
