/** A client of a vendor `acme`, over a transport that a test answers. */
import { Effect, Redacted, Schema } from "effect"
import { type Request, type Response, Transport } from "../../src/http/Transport.ts"
import type { TransportError } from "../../src/http/TransportError.ts"
import * as VendorClient from "../../src/http/VendorClient.ts"
import * as Reason from "../../src/model/Reason.ts"

export const token = "sk_live_secret_of_this_test"

export const answer = (status: number, body: string, headers: Response["headers"] = {}): Response => ({
  status,
  headers,
  body: new TextEncoder().encode(body),
})

const classify = ({ status, json, text }: VendorClient.Answer): VendorClient.Classified | undefined => {
  // This vendor may refuse inside a 200.
  if (status < 300) {
    return json === "refused" ? { reason: new Reason.Conflict(), isVendorsForm: true, text } : undefined
  }
  const reason =
    status === 401 ? new Reason.Unauthenticated() : status >= 500 ? new Reason.Unavailable() : new Reason.Conflict()
  return { reason, isVendorsForm: json !== undefined, text }
}

/** A client over a transport that answers by the function, and what it sent. `how`: in an effect around, or as it is. */
export const make = (
  respond: (request: Request) => Effect.Effect<Response, TransportError>,
  settings: Partial<VendorClient.Settings> = {},
  how: "suspended" | "as it is" = "suspended",
) => {
  const sent: Array<Request> = []
  return VendorClient.make({
    workspace: "prod",
    vendor: "acme",
    baseUrl: "https://api.acme.test",
    token: Redacted.make(token),
    requestIdHeaders: ["x-request-id"],
    classify,
    ...settings,
  }).pipe(
    Effect.provideService(Transport, {
      send: (request) => {
        const answered = () => {
          sent.push(request)
          return respond(request)
        }
        return how === "suspended" ? Effect.suspend(answered) : answered()
      },
    }),
    Effect.map((client) => ({ client, sent })),
  )
}

export const list = {
  operation: "list",
  method: "GET",
  path: ["v1", "runs"],
  answer: Schema.Struct({ id: Schema.String }),
} as const
export const start = { operation: "start", method: "POST", path: ["v1", "runs"], body: { a: 1 } } as const

export const authorization = (request: Request | undefined) => {
  const header = request?.headers["authorization"]
  return Redacted.isRedacted(header) ? String(Redacted.value(header)) : header
}
