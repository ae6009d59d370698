/** What operators see of one HTTP request: its span, its metric, and its log line. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Logging from "../telemetry/logging.ts"
import * as Recording from "../telemetry/recording.ts"
import * as Tracing from "../telemetry/tracing.ts"
import { CurrentRequest } from "./currentRequest.ts"
import * as Path from "./path.ts"
import type { Method } from "./Transport.ts"

/** What of a call telemetry shows. */
interface Call {
  readonly method: Method
  readonly path: ReadonlyArray<Path.Segment>
}

/**
 * Observes one request of a call, in this fiber. `number` counts the call's requests from 1; `status` returns the status of the
 * answer, once there is one.
 */
export type Observe = <A, E>(
  fiber: Fiber.Fiber<unknown, unknown>,
  call: Call,
  number: number,
  status: () => number | undefined,
  request: Effect.Effect<A, E>,
) => Effect.Effect<A, E>

/** Returns the function that observes the requests of a client. */
export const make = ({ vendor, workspace, baseUrl }: Tracing.Subject & { readonly baseUrl: string }): Observe => {
  const record = Recording.make({ vendor, workspace })
  const given = Tracing.given({ vendor, workspace })
  let server: ReturnType<typeof serverOf> | undefined
  return (fiber, { method, path }, number, status, request) => {
    const { kind: operation } = fiber.getRef(CurrentRequest)
    const resendCount = fiber.getRef(Tracing.Resends) + number - 1
    const from = fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()
    const observed = Effect.onExit(request, (exit) => {
      const code = status()
      record.in(fiber, "openretl.requests", 1, {
        "openretl.operation": operation,
        "openretl.status_class": classOf(code),
      })
      Tracing.annotateIn(fiber, () => ({ "http.response.status_code": code }))
      return Logging.debug(fiber, "A request has ended", (now) => ({
        ...{ workspace, operation, method, route: Path.template(path), status: code },
        ...{ seconds: (now - from) / 1_000, error: Tracing.errorOf(exit)["error.type"] },
      }))
    })
    const spanOf = (): Tracing.SpanOf => {
      const route = Path.template(path)
      server ??= serverOf(baseUrl)
      return {
        name: `${method} ${route}`,
        kind: "client",
        attributes: {
          ...given,
          "openretl.operation": operation,
          "http.request.method": method,
          ...server,
          "url.template": route,
          "http.request.resend_count": resendCount || undefined,
        },
      }
    }
    return Tracing.withinIn(fiber, spanOf, observed)
  }
}

const serverOf = (baseUrl: string) => {
  const { hostname, port } = new URL(baseUrl)
  return { "server.address": hostname, "server.port": port ? Number(port) : undefined }
}

const classes = ["2xx", "3xx", "4xx", "5xx"] as const

const classOf = (status: number | undefined) =>
  status === undefined ? "none" : (classes[Math.floor(status / 100) - 2] ?? "other")
