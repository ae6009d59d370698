/**
 * The options that workspaces of all vendors share, as fields of a schema. An adapter spreads them into the schema of
 * its options, so that one decoding reports all problems at once, before any request.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Token from "../http/token.ts"
import type { Service as JournalService } from "../journal/Journal.ts"
import { DurationInput } from "../model/DurationInput.ts"
import * as Input from "../model/Input.ts"
import { WorkspaceName } from "../model/Ref.ts"
import { Status } from "../model/Run.ts"
import type { Scope } from "../model/Scope.ts"

const OptionalDuration = /* @__PURE__ */ Input.optional(DurationInput)

const operationsOfJournal = [
  "claim",
  "takeOver",
  "renewClaim",
  "acquire",
  "renew",
  "release",
  "mark",
  "update",
  "remove",
  "get",
  "find",
  "list",
  "forget",
] as const satisfies ReadonlyArray<keyof JournalService>

const isJournal = (value: unknown): value is JournalService =>
  Predicate.isObject(value) && operationsOfJournal.every((name) => typeof Reflect.get(value, name) === "function")

const wholeNumber = (least: number, most: number) =>
  Input.optional(
    Schema.Number.check(
      Schema.makeFilter((value: number) => Number.isInteger(value) && value >= least && value <= most, {
        expected: `a whole number from ${least} to ${most}`,
      }),
    ),
  )

/** The fields of the options that every workspace has. */
export const fields = /* @__PURE__ */ (() => ({
  /** The name of the workspace, which its refs carry: 1 to 64 characters of `A-Z a-z 0-9 _ -`. */
  name: WorkspaceName,
  /**
   * The part of each documented rate limit that this workspace spends, above 0, at most 1. Workspaces of one process that
   * use one token spend the smallest of their parts together. @default 0.7
   */
  rateLimitShare: Input.optional(
    Schema.Number.check(
      Schema.makeFilter((part: number) => part > 0 && part <= 1, { expected: "a part above 0, at most 1" }),
    ),
  ),
  /**
   * How long a call waits after the vendor answered that its rate limit is exhausted. A call that would wait longer fails
   * at once, with `RateLimited` and the rest of the vendor's wait; it sends nothing. Waits for runs look again later.
   * @default "1 minute"
   */
  rateLimitWithin: OptionalDuration,
  /**
   * The longest time in which core looks for the run of a trigger whose answer was lost; `runAppearsWithin` where that
   * is longer.
   * @default "5 minutes"
   */
  resolveWithin: OptionalDuration,
  /** How long after a trigger its run may still appear at the vendor. @default the vendor's, see its facts */
  runAppearsWithin: OptionalDuration,
  /**
   * How long closing the workspace waits for triggers and changes to settle. Tests on a virtual clock, which stands
   * still by then, set 0.
   * @default "5 seconds"
   */
  closeWithin: OptionalDuration,
  /** How long one read may take. @default "30 seconds" */
  readTimeout: OptionalDuration,
  /** How long one write may take; some vendors create a job only after more than a minute. @default "180 seconds" */
  writeTimeout: OptionalDuration,
  /** The most bytes of one answer, from 1 KiB to 256 MiB. A longer one is given up, and fails with `TooLarge`. @default 8 MiB */
  maxBytes: wholeNumber(1_024, 268_435_456),
  /**
   * How many entries of a list one request wants, from 1 to 1000; the vendor's bounds take precedence. Where a page has more
   * than `maxBytes`, core requests smaller ones, down to one entry, and remembers that size for the list.
   * @default the vendor's most
   */
  pageSize: wholeNumber(1, 1_000),
  /**
   * The delay that costs as much as one more look at a run: waits look where that is worth it. With a larger one, they send
   * fewer requests and see ends later. It counts where past runs tell when a run is likely to end.
   * @default "2 seconds"
   */
  lookCost: Input.optional(
    DurationInput.check(
      Schema.makeFilter((cost) => Duration.toMillis(Duration.fromInputUnsafe(cost)) >= 10, {
        expected: "a duration of at least 10 milliseconds",
      }),
    ),
  ),
  /**
   * Whether somebody tells of every change of a run, as a webhook does (`Runs.notice`). `expected`: waits look at a run's
   * likely end and every ten minutes, besides the hints they get.
   * @default "none"
   */
  hints: Input.optional(Schema.Literals(["none", "expected"])),
  /** The statuses of vendor words that the adapter does not list, by word. @default none */
  statusWords: Input.optional(Schema.Record(Schema.String, Status)),
  /**
   * The journal of triggers. A durable one, which processes share, is needed wherever a run has to outlive its process.
   * @default one in memory, for all workspaces of this process over the same transport
   */
  journal: Input.optional(Schema.declare(isJournal, { expected: "a journal, as SqliteJournal.make returns it" })),
  /** How long one call to the journal may take. @default "10 seconds" */
  storeWithin: OptionalDuration,
  /**
   * How long the journal keeps a sync for a call that does not renew that: after so long, another process takes over what
   * a dead one has left. All processes that share a journal have the same.
   * @default "30 seconds"
   */
  journalLease: OptionalDuration,
}))()

/** The schema of the options that every workspace has. */
export const Common = /* @__PURE__ */ Schema.Struct(fields)

/** The options that every workspace has, decoded. */
export interface Options extends Schema.Schema.Type<typeof Common> {}

const isTokenSource = (value: unknown): value is Token.TokenSource =>
  Redacted.isRedacted(value) ? Token.isUsable(value) : Effect.isEffect(value)

const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/

const isBaseUrl = (text: string): boolean => {
  if (!URL.canParse(text) || /[?#]|\/$/.test(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== "" || password !== "") return false
  return protocol === "https:" || (protocol === "http:" && loopback.test(hostname))
}

/**
 * The address of an API: an https URL (http on loopback only) without query, fragment, credentials or a final slash.
 */
export const BaseUrl = /* @__PURE__ */ Schema.String.check(
  Schema.makeFilter(isBaseUrl, {
    expected: "an https URL (http on loopback only) without query, fragment, credentials or a slash at the end",
  }),
)

/** The fields of the options that most adapters add. */
export const connectionFields = /* @__PURE__ */ (() => ({
  /** The token, or an effect that reads it. The effect runs again, once, after a 401. */
  token: Schema.declare(isTokenSource, {
    expected: "a Redacted token of printable ASCII without spaces, not empty, or an Effect that yields one",
  }),
  /** The address of the API, without a slash at the end. @default the region's */
  baseUrl: Input.optional(BaseUrl),
}))()

const Connected = /* @__PURE__ */ Schema.Struct(connectionFields)

/** The options that most adapters add, decoded. */
export interface Connection extends Schema.Schema.Type<typeof Connected> {}

/**
 * Returns the schema of the option `defaultScope`: what a run covers if its trigger names no scope. For vendors with
 * scopes.
 */
export const ScopeOf = <const Scopes extends ReadonlyArray<Scope>>(scopes: Scopes) =>
  Schema.Literals(scopes).annotate({
    expected: `${scopes.map((scope) => `"${scope}"`).join(" | ")}: core never guesses what a trigger covers`,
  })

/** Returns the settings of a client that come from these options. */
export const clientSettings = ({ name, token, readTimeout, writeTimeout, maxBytes }: Connection & Options) => ({
  workspace: name,
  token,
  ...(maxBytes !== undefined && { maxBytes }),
  ...(readTimeout !== undefined && { readTimeout }),
  ...(writeTimeout !== undefined && { writeTimeout }),
})
