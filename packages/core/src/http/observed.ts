/** What operators see of one HTTP request: its span, its metric, and its log line. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
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
 * Observes one request of a call. `number` counts the call's requests from 1; `status` returns the status of the answer, once
 * there is one.
 */
export type Observe = (
  call: Call,
  number: number,
  status: () => number | undefined,
) => <A, E>(request: Effect.Effect<A, E>) => Effect.Effect<A, E>

/** Returns the function that observes the requests of a client. */
export const make = ({ vendor, workspace, baseUrl }: Tracing.Subject & { readonly baseUrl: string }): Observe => {
  const record = Recording.make({ vendor, workspace })
  const given = Tracing.given({ vendor, workspace })
  let server: ReturnType<typeof serverOf> | undefined
  return ({ method, path }, number, status) =>
    (request) =>
      // One look at the fiber is cheaper than a step for each thing that it has.
      Effect.withFiber((fiber) => {
        const { kind: operation } = fiber.getRef(CurrentRequest)
        const resendCount = fiber.getRef(Tracing.Resends) + number - 1
        const from = fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()
        const observed = Effect.onExit(request, (exit) => {
          const code = status()
          const counted = record("openretl.requests", 1, {
            "openretl.operation": operation,
            "openretl.status_class": classOf(code),
          })
          const logged = Logging.debug("A request has ended", (now) => ({
            ...{ workspace, operation, method, route: Path.template(path), status: code },
            ...{ seconds: (now - from) / 1_000, error: Tracing.errorOf(exit)["error.type"] },
          }))
          const annotated = Tracing.annotate(() => ({ "http.response.status_code": code }))
          return Effect.andThen(counted, Effect.andThen(logged, annotated))
        })
        return Tracing.within(() => {
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
        })(observed)
      })
}

const serverOf = (baseUrl: string) => {
  const { hostname, port } = new URL(baseUrl)
  return { "server.address": hostname, "server.port": port ? Number(port) : undefined }
}

const classes = ["2xx", "3xx", "4xx", "5xx"] as const

const classOf = (status: number | undefined) =>
  status === undefined ? "none" : (classes[Math.floor(status / 100) - 2] ?? "other")
