/** The options of an open workspace: those of its adapter, some of them in forms without Effect. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as EffectScope from "effect/Scope"
import { Transport, type Service as TransportService } from "../http/Transport.ts"
import type { Service as Journal } from "../journal/Journal.ts"
import type { FieldIssue } from "../model/FieldIssue.ts"
import * as Input from "../model/Input.ts"
import type { JournalError } from "../model/JournalError.ts"
import { InvalidRequest, JournalFailed, type Reason } from "../model/Reason.ts"
import { type LogLevel, logLevels } from "./calls.ts"

/** A token as a text, or `Redacted`, which no print shows. */
type Token = string | Redacted.Redacted

/** A token, or a function that returns one. The function is called again, once, after a 401. */
export type TokenOption = Token | (() => Token | Promise<Token>)

/** An effect that opens a journal, as `SqliteJournal.make` and `PostgresJournal.make` return it. */
type OpensJournal = Effect.Effect<Journal, JournalError, EffectScope.Scope>

/**
 * The name of a SQLite file, the URL of a PostgreSQL database, or a journal. Names and URLs need the package
 * `@openretl/journal-sql`.
 */
export type JournalOption = string | Journal | OpensJournal

/** A transport, or an effect that opens one, as `UndiciTransport.make` of `@openretl/undici` returns it. */
export type TransportOption = TransportService | Effect.Effect<TransportService, never, EffectScope.Scope>

/** The options of an adapter, as `open` takes them. */
export type Options<O> = {
  readonly [Name in keyof O]: Name extends "token" ? TokenOption : Name extends "journal" ? JournalOption : O[Name]
} & {
  /** What is logged on the console: this level and those above. @default "Warn" */
  readonly logLevel?: LogLevel
  /** What sends the requests. Closing the workspace closes what the effect opened. @default `ky` over the platform's `fetch` */
  readonly transport?: TransportOption
}

/** Options as `open` has read them. */
export interface Read {
  /** The options for the adapter, without the journal. */
  readonly adapter: object
  /** Opens the journal, if there is one. */
  readonly journal: Effect.Effect<unknown, Reason, EffectScope.Scope>
  /** Opens the transport, if there is one, and provides it. */
  readonly withTransport: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R | EffectScope.Scope>
  readonly logLevel: LogLevel
  /** Returns the problems of all options, where the adapter found these. */
  readonly allIssues: (ofAdapter: ReadonlyArray<FieldIssue>) => ReadonlyArray<FieldIssue>
}

/** Reads the options of an open workspace. */
export const read = (options: unknown): Read => {
  const [journal, others] = Input.take<object>(Object(options), "journal")
  const [logLevel = "Warn", withToken] = Input.take(others, "logLevel")
  const [transport, withoutTransport] = Input.take(withToken, "transport")
  const [token, adapter] = Input.take(withoutTransport, "token")
  // An instance of a class may inherit the others as getters: it is no record to spread.
  if (token !== undefined) Object.defineProperty(adapter, "token", { value: tokenSource(token), enumerable: true })
  const isTransport =
    transport === undefined || Effect.isEffect(transport) || typeof Input.field(transport, "send") === "function"
  const isLevel = logLevels.includes(logLevel as LogLevel)
  return {
    adapter,
    journal: journalFrom(journal),
    withTransport: (effect) =>
      transport === undefined
        ? effect
        : Effect.flatMap(
            Effect.isEffect(transport)
              ? (transport as Effect.Effect<TransportService, never, EffectScope.Scope>)
              : Effect.succeed(transport as TransportService),
            (service) => Effect.provideService(effect, Transport, service),
          ),
    logLevel: logLevel as LogLevel,
    allIssues: (ofAdapter) => [
      ...ofAdapter.map((issue) =>
        issue.path[0] === "token" ? { ...issue, message: isNoToken(token) ? missingToken : expectedToken } : issue,
      ),
      ...(isTransport
        ? []
        : [{ path: ["transport"], message: "Expected a transport: an object with a function send" }]),
      ...(isLevel ? [] : [{ path: ["logLevel"], message: `Expected ${logLevels.join(" | ")}` }]),
    ],
  }
}

/** Returns whether a caller had no token, as where an environment variable is not set. */
const isNoToken = (token: unknown): boolean =>
  [undefined, null, ""].includes((Redacted.isRedacted(token) ? Redacted.value(token) : token) as string)

const missingToken = "Expected a token: there is none, as where its environment variable is not set"

const expectedToken = "Expected a token without spaces: a string, a Redacted, or a function that returns one"

const redacted = (token: unknown): unknown => (typeof token === "string" ? Redacted.make(token) : token)

const tokenSource = (token: unknown): unknown =>
  typeof token === "function"
    ? Effect.map(
        Effect.tryPromise(async () => token()),
        redacted,
      )
    : redacted(token)

/** The part of a module of journals that `open` uses. */
interface JournalModule {
  readonly make: (options: { readonly filename: string } | { readonly url: Redacted.Redacted }) => OpensJournal
}

const issue = (message: string) => new InvalidRequest({ issues: [{ path: ["journal"], message }] })

const needed = "Expected @openretl/journal-sql to be installed, which opens it"

/** Imports a module of the package of journals, which not every program has. A bundler is to leave the import alone. */
const moduleOf = (name: string): Effect.Effect<JournalModule, Reason> =>
  Effect.tryPromise({
    try: () => import(/* @vite-ignore */ /* webpackIgnore: true */ `@openretl/journal-sql/${name}`),
    catch: () => issue(needed),
  })

const named = (journal: string): Effect.Effect<Journal, Reason, EffectScope.Scope> => {
  if (/^postgres(ql)?:\/\//.test(journal)) return fromModule("PostgresJournal", { url: Redacted.make(journal) })
  // A URL would become a file, with the password in its name. One letter before the colon is the drive of a path.
  return /^[\s"']*(([a-z][\w+.-]+)?:|$)/i.test(journal)
    ? Effect.fail(issue("Expected a file name, or a postgres:// URL"))
    : fromModule("SqliteJournal", { filename: journal })
}

const fromModule = (name: string, options: Parameters<JournalModule["make"]>[0]) =>
  Effect.flatMap(moduleOf(name), ({ make }) => opened(make(options)))

const opened = (journal: OpensJournal): Effect.Effect<Journal, Reason, EffectScope.Scope> =>
  Effect.mapError(journal, (error) => new JournalFailed({ error }))

const journalFrom = (journal: unknown): Read["journal"] => {
  if (typeof journal === "string") return named(journal)
  return Effect.isEffect(journal) ? opened(journal as OpensJournal) : Effect.succeed(journal)
}
