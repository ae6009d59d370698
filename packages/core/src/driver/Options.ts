/** The options of a workspace that are the same for every vendor, and how they are checked: all at once, before any request. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Token from "../http/token.ts"
import type { IntentStore } from "../journal/IntentStore.ts"
import { duration } from "../model/durations.ts"
import type * as FieldIssue from "../model/FieldIssue.ts"
import * as Reader from "../model/Reader.ts"
import { InvalidRequest } from "../model/Reason.ts"
import { workspaceName } from "../model/Ref.ts"
import { RetlError } from "../model/RetlError.ts"
import { type Status, status } from "../model/Run.ts"

/** Each adapter's options extend these. */
export interface Options {
  /** This workspace's name, which its refs carry: 1 to 64 characters of `A-Z a-z 0-9 _ -`. */
  readonly name: string
  /** The part of a documented rate limit that is spent here; other clients share the account. @default 0.7 */
  readonly rateLimitShare?: number
  /** How long a lost trigger is looked for at the most; never less than the settle window. @default "5 minutes" */
  readonly resolveWithin?: Duration.Input
  /** How long after a trigger its run may still come into being. @default the vendor's, see its facts */
  readonly runAppearsWithin?: Duration.Input
  /**
   * How long closing the workspace waits for triggers that are being settled; 0 in tests on a virtual clock, which nobody
   * moves by then. @default "5 seconds"
   */
  readonly closeWithin?: Duration.Input
  /** How long one read may take. @default "30 seconds" */
  readonly readTimeout?: Duration.Input
  /** How long one write may take; jobs are seen created after more than a minute. @default "180 seconds" */
  readonly writeTimeout?: Duration.Input
  /** What vendor words mean that this version does not know, by the word. @default none */
  readonly statusWords?: Readonly<Record<string, Status>>
  /** Where intents are kept. @default in memory */
  readonly intents?: IntentStore
}

/** The parts of an adapter's options that most vendors share. */
export interface Connection {
  readonly token: Token.TokenSource
  /** Where the API is, without a slash at the end. @default the region's */
  readonly baseUrl?: string
}

const span = Reader.optional(duration)

const shared = Reader.struct({
  name: workspaceName,
  rateLimitShare: Reader.optional(
    Reader.where(Reader.number, (part) => part > 0 && part <= 1, "a part above 0, at most 1"),
  ),
  statusWords: Reader.optional(Reader.record(status)),
  resolveWithin: span,
  runAppearsWithin: span,
  closeWithin: span,
  readTimeout: span,
  writeTimeout: span,
})

/** Every problem of the options that all vendors share. */
export const problems = (options: Options): ReadonlyArray<FieldIssue.FieldIssue> => Reader.problems(shared, options)

/** Every problem of the token and the base URL. The token itself is never in a message. */
export const connectionProblems = (options: Connection): ReadonlyArray<FieldIssue.FieldIssue> => {
  const issues: Array<FieldIssue.FieldIssue> = []
  if (Redacted.isRedacted(options.token)) {
    if (!Token.isUsable(options.token)) {
      issues.push({ path: ["token"], message: "Expected a token: printable ASCII without spaces, not empty" })
    }
  } else if (!Effect.isEffect(options.token)) {
    issues.push({ path: ["token"], message: "Expected a Redacted token, or an Effect that yields one" })
  }
  if (options.baseUrl !== undefined && !isBaseUrl(options.baseUrl)) {
    issues.push({
      path: ["baseUrl"],
      message:
        "Expected an https URL (http on loopback only) without query, fragment, credentials or a slash at the end",
    })
  }
  return issues
}

const isBaseUrl = (text: string): boolean => {
  if (typeof text !== "string" || !URL.canParse(text) || /[?#]|\/$/.test(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== "" || password !== "") return false
  return protocol === "https:" || (protocol === "http:" && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname))
}

/** The part of a client's settings that these options are, without what is absent. */
export const clientSettings = ({ name, token, readTimeout, writeTimeout }: Connection & Options) => ({
  workspace: name,
  token,
  ...(readTimeout !== undefined && { readTimeout }),
  ...(writeTimeout !== undefined && { writeTimeout }),
})

/** Fails with all the problems, if there are any. */
export const refuse = (
  vendor: string,
  options: { readonly name?: unknown },
  issues: ReadonlyArray<FieldIssue.FieldIssue>,
): Effect.Effect<void, RetlError> =>
  issues.length === 0
    ? Effect.void
    : Effect.fail(
        RetlError.notSent({
          workspace: typeof options.name === "string" ? options.name : "",
          vendor,
          operation: "configure",
          reason: new InvalidRequest({ issues }),
        }),
      )
