/**
 * Trouble on the way: what happens to a request instead of, or besides, the vendor's usual answer.
 *
 * A fault applies to the next matching request, or to several (`times`), once `after` others have passed. The
 * constructors below name the common ones: `Fault.lost("start", { commits: true })`.
 */
import type * as Duration from "effect/Duration"
import type { Ids, Operation } from "./Emulator.ts"

export interface Matching {
  readonly operation: Operation | "any"
  /** Only requests about this sync. */
  readonly sync?: Ids
  /** How many matching requests pass first. @default 0 */
  readonly after?: number
  /** How many requests it hits; `Infinity` for all. @default 1 */
  readonly times?: number
  /** How likely it hits a matching request, 0 to 1, drawn from the emulator's seed. @default 1 */
  readonly chance?: number
  /** How long after the request's arrival the answer leaves, or the line breaks. @default 0 */
  readonly latency?: Duration.Input
  /**
   * How long after its arrival the vendor carries the request out, whether or not anybody still listens. An ordinary
   * answer never leaves before that; a lost line or a gateway's page may. @default 0
   */
  readonly commitAfter?: Duration.Input
}

export type Fault = Matching &
  (
    | { readonly kind: "slow" }
    /** The line breaks: `ECONNRESET`, delivery unknown. */
    | { readonly kind: "lost"; readonly commits: boolean }
    /** Nothing is sent: `ECONNREFUSED`. */
    | { readonly kind: "unreachable" }
    /** Another answer than the vendor's own, from a gateway, say. */
    | {
        readonly kind: "respond"
        readonly status: number
        readonly headers?: Readonly<Record<string, string>>
        readonly body?: string
        readonly commits: boolean
      }
    /** The usual answer, its body cut in the middle. */
    | { readonly kind: "truncated" }
    /** No answer, ever. */
    | { readonly kind: "never"; readonly commits: boolean }
  )

type Options = Omit<Matching, "operation">
type At = Operation | "any"

/** The usual answer, late; with `commitAfter`, a write that takes effect late. */
export const slow = (operation: At, options: Options): Fault => ({ ...options, operation, kind: "slow" })

/** The answer is lost, before (`commits: false`) or after (`commits: true`) the vendor did what was asked. */
export const lost = (operation: At, options: Options & { readonly commits: boolean }): Fault => ({
  ...options,
  operation,
  kind: "lost",
})

/** The vendor cannot be reached: provably nothing was sent. Over a served socket this looks like a lost answer. */
export const unreachable = (operation: At, options: Options = {}): Fault => ({
  ...options,
  operation,
  kind: "unreachable",
})

/** Any answer at all in place of the vendor's own. `commits` says whether the vendor did what was asked. @default false */
export const respond = (
  operation: At,
  options: Options & {
    readonly status: number
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
    readonly commits?: boolean
  },
): Fault => ({ commits: false, ...options, operation, kind: "respond" })

/** A gateway's HTML page. @default status 502 */
export const gatewayPage = (
  operation: At,
  options: Options & { readonly status?: number; readonly commits?: boolean } = {},
): Fault => {
  const status = options.status ?? 502
  return respond(operation, {
    ...options,
    status,
    headers: { "content-type": "text/html" },
    body: `<html><head><title>${status}</title></head><body><h1>${status}</h1><p>The upstream did not answer.</p></body></html>`,
  })
}

/** A 429 from in front of the vendor, with a `Retry-After` only where given. */
export const tooManyRequests = (
  operation: At,
  options: Options & { readonly retryAfter?: string; readonly body?: string } = {},
): Fault =>
  respond(operation, {
    ...options,
    status: 429,
    body: options.body ?? "Too many requests",
    headers: {
      "content-type": "text/plain",
      ...(options.retryAfter !== undefined && { "retry-after": options.retryAfter }),
    },
  })

/** A redirect; whoever follows it with credentials has a bug. */
export const redirect = (
  operation: At,
  options: Options & { readonly location: string; readonly status?: 301 | 302 | 303 | 307 | 308 },
): Fault => respond(operation, { ...options, status: options.status ?? 307, headers: { location: options.location } })

/** The vendor did what was asked and answers 200 with nothing in it. */
export const emptyBody = (operation: At, options: Options & { readonly status?: number } = {}): Fault =>
  respond(operation, { ...options, status: options.status ?? 200, body: "", commits: true })

/** The vendor did what was asked, and half of its JSON arrives. */
export const truncated = (operation: At, options: Options = {}): Fault => ({ ...options, operation, kind: "truncated" })

/** No answer, ever. */
export const never = (operation: At, options: Options & { readonly commits: boolean }): Fault => ({
  ...options,
  operation,
  kind: "never",
})
