/**
 * Faults: what happens to a request instead of the vendor's usual answer, or besides it.
 *
 * A fault waits in the emulator. It lets `after` matching requests pass, hits the next `times`, and is gone. The
 * constructors cover the common ones: `Fault.lost("start", { commits: true })`.
 */
import * as Input from "@openretl/core/driver/Input"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { Ids } from "./Ids.ts"
import { choice } from "./internal/json/choice.ts"
import { DurationInput } from "./internal/json/duration.ts"
import { Headers, Status } from "./internal/json/http.ts"
import { Chance, Count, Times } from "./internal/json/numbers.ts"
import { Operation } from "./Operation.ts"

/** Which requests a fault hits, and when their answers leave. */
export const Matching = Schema.Struct({
  operation: Schema.Literals([...Operation.literals, "any"]),
  /** Hits only requests about this sync. @default requests about any sync, or none */
  sync: Input.optional(Ids),
  /** How many matching requests pass before the first hit. @default 0 */
  after: Input.optional(Count),
  /** How many requests the fault hits; `Infinity` for all, which JSON writes as `"all"`. @default 1 */
  times: Input.optional(Times),
  /** The probability of a hit, from 0 to 1, drawn from the emulator's seed for each matching request. @default 1 */
  chance: Input.optional(Chance),
  /** How long after the request's arrival the answer leaves, or the connection breaks. @default 0 */
  latency: Input.optional(DurationInput),
  /**
   * How long after the request's arrival the vendor carries it out, even if the client stopped waiting. The vendor's usual
   * answer never leaves earlier; a broken connection or a gateway's page may come first. @default 0
   */
  commitAfter: Input.optional(DurationInput),
})
export interface Matching extends Schema.Schema.Type<typeof Matching> {}

const Slow = Schema.Struct({ ...Matching.fields, kind: Schema.Literal("slow") })
const Lost = Schema.Struct({ ...Matching.fields, kind: Schema.Literal("lost"), commits: Schema.Boolean })
const Unreachable = Schema.Struct({ ...Matching.fields, kind: Schema.Literal("unreachable") })
const Respond = Schema.Struct({
  ...Matching.fields,
  kind: Schema.Literal("respond"),
  status: Status,
  /** Headers of the answer. @default none */
  headers: Input.optional(Headers),
  /** The body of the answer. @default empty */
  body: Input.optional(Schema.String),
  commits: Schema.Boolean,
  /**
   * Whether the vendor keeps this answer for the idempotency key of the request, and gives it to each repetition.
   * @default false
   */
  isKept: Input.optional(Schema.Boolean),
})
const Refused = Schema.Struct({
  ...Matching.fields,
  kind: Schema.Literal("refused"),
  status: Status,
  /** The vendor's words. @default "no" */
  message: Input.optional(Schema.String),
  commits: Schema.Boolean,
})
const Truncated = Schema.Struct({ ...Matching.fields, kind: Schema.Literal("truncated") })
const AnothersBody = Schema.Struct({
  ...Matching.fields,
  kind: Schema.Literal("anothersBody"),
  /**
   * The sync that the answer shows, as it was before the request. The request's own sync stands for a cached answer.
   *
   * @default the oldest other sync
   */
  another: Input.optional(Ids),
})
const EntryWithoutId = Schema.Struct({
  ...Matching.fields,
  kind: Schema.Literal("entryWithoutId"),
  /** The index of the entry in the answer's list. @default 0 */
  entry: Input.optional(Count),
})
const Never = Schema.Struct({ ...Matching.fields, kind: Schema.Literal("never"), commits: Schema.Boolean })

const kinds = {
  /** The vendor's usual answer, late. */
  slow: Slow,
  /** The connection breaks: `ECONNRESET`, delivery unknown. */
  lost: Lost,
  /** Nothing is sent: `ECONNREFUSED`. */
  unreachable: Unreachable,
  /** An answer that replaces the vendor's, such as a gateway's. */
  respond: Respond,
  /** A refusal in the vendor's own form. */
  refused: Refused,
  /** The vendor's usual answer, with the first half of its body. */
  truncated: Truncated,
  /** The vendor's usual answer with the body of another sync. */
  anothersBody: AnothersBody,
  /** The vendor's usual answer, where one entry of the list has no id. */
  entryWithoutId: EntryWithoutId,
  /** No answer, ever. */
  never: Never,
}

/** Decodes nothing: it reports that the kind is none, and what is wrong with the fields that all kinds have. */
const OtherKind = Schema.Struct({
  ...Matching.fields,
  kind: Schema.Literals(Struct.keys(kinds)),
  commits: Schema.optional(Schema.Unknown),
  status: Schema.optional(Schema.Unknown),
  headers: Schema.optional(Schema.Unknown),
  body: Schema.optional(Schema.Unknown),
  isKept: Schema.optional(Schema.Unknown),
  message: Schema.optional(Schema.Unknown),
  another: Schema.optional(Schema.Unknown),
  entry: Schema.optional(Schema.Unknown),
})

/**
 * A fault of one kind: `slow`, `lost`, `unreachable`, `respond`, `refused`, `truncated`, `anothersBody`, `entryWithoutId` or
 * `never`.
 * `commits` says whether the vendor carries the request out.
 */
export const Fault = choice(
  Schema.Union([Slow, Lost, Unreachable, Respond, Refused, Truncated, AnothersBody, EntryWithoutId, Never]),
  (value) => {
    const kind = Struct.keys(kinds).find((name) => name === Input.field(value, "kind"))
    return kind === undefined ? OtherKind : kinds[kind]
  },
)
export type Fault = typeof Fault.Type

type Options = Omit<Matching, "operation">
type Target = Matching["operation"]

/** Delays the vendor's usual answer by `latency`; `commitAfter` delays the write itself. */
export const slow = (operation: Target, options: Options): Fault => ({ ...options, operation, kind: "slow" })

/** Loses the answer, before (`commits: false`) or after (`commits: true`) the vendor carries the request out. */
export const lost = (operation: Target, options: Options & { readonly commits: boolean }): Fault => ({
  ...options,
  operation,
  kind: "lost",
})

/** Refuses the connection: provably nothing is sent. Over a served socket the client sees a lost answer instead. */
export const unreachable = (operation: Target, options: Options = {}): Fault => ({
  ...options,
  operation,
  kind: "unreachable",
})

/**
 * Replaces the vendor's answer. Headers and body default to none. `commits` says whether the vendor carries the request
 * out, and defaults to false.
 */
export const respond = (
  operation: Target,
  options: Options & {
    readonly status: number
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
    readonly commits?: boolean
    readonly isKept?: boolean
  },
): Fault => ({ commits: false, ...options, operation, kind: "respond" })

/**
 * Refuses the request in the vendor's own form, as an adapter takes it for the vendor's. `commits`, which defaults to false,
 * says whether the vendor carries the request out all the same.
 */
export const refuse = (
  operation: Target,
  options: Options & { readonly status: number; readonly message?: string; readonly commits?: boolean },
): Fault => ({ commits: false, ...options, operation, kind: "refused" })

/** Replaces the vendor's answer with a gateway's HTML page. The status defaults to 502, `commits` to false. */
export const gatewayPage = (
  operation: Target,
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

/**
 * Answers 429 in front of the vendor. `retryAfter` is how long to wait, as in `"2 seconds"`: the header `Retry-After` says it in
 * whole seconds, rounded up. `retryAfterHeader` is the raw value of the header instead, for odd ones. Without both there is no
 * header. The body defaults to the text `Too many requests`.
 */
export const tooManyRequests = (
  operation: Target,
  options: Options & {
    readonly retryAfter?: Duration.Input
    readonly retryAfterHeader?: string
    readonly body?: string
  } = {},
): Fault => {
  const { retryAfter, retryAfterHeader, ...others } = options
  const seconds =
    retryAfter === undefined ? undefined : String(Math.ceil(Duration.toSeconds(Duration.fromInputUnsafe(retryAfter))))
  const header = retryAfterHeader ?? seconds
  return respond(operation, {
    ...others,
    status: 429,
    body: options.body ?? "Too many requests",
    headers: { "content-type": "text/plain", ...(header !== undefined && { "retry-after": header }) },
  })
}

/** Redirects the request to `location`; the status defaults to 307. A client must not follow it with credentials. */
export const redirect = (
  operation: Target,
  options: Options & { readonly location: string; readonly status?: 301 | 302 | 303 | 307 | 308 },
): Fault => respond(operation, { ...options, status: options.status ?? 307, headers: { location: options.location } })

/** Carries the request out and answers with an empty body. The status defaults to 200. */
export const emptyBody = (operation: Target, options: Options & { readonly status?: number } = {}): Fault =>
  respond(operation, { ...options, status: options.status ?? 200, body: "", commits: true })

/** Carries the request out and sends the first half of the answer's body. */
export const truncated = (operation: Target, options: Options = {}): Fault => ({
  ...options,
  operation,
  kind: "truncated",
})

/**
 * Carries the request out and answers with the body of another sync, as a cache or a proxy does that mixes answers up: for
 * `create`, `update`, `delete` and `sync`. Other requests, refusals, and accounts without another sync get the usual answer.
 * A delete, whose usual answer shows no sync, is answered as a read of the other sync is.
 */
export const anothersBody = (operation: Target, options: Options & { readonly another?: Ids } = {}): Fault => ({
  ...options,
  operation,
  kind: "anothersBody",
})

/** Answers with a list in which the entry with the index `entry`, which defaults to 0, has no id. */
export const entryWithoutId = (operation: Target, options: Options & { readonly entry?: number } = {}): Fault => ({
  ...options,
  operation,
  kind: "entryWithoutId",
})

/** Never answers. `commits` says whether the vendor carries the request out. */
export const never = (operation: Target, options: Options & { readonly commits: boolean }): Fault => ({
  ...options,
  operation,
  kind: "never",
})
