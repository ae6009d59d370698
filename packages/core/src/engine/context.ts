/**
 * The context of one workspace: what its parts share.
 *
 * It consists of the workspace's errors, its refs, the requests of its driver, its times, its rate limit, its journal,
 * and what the workspaces of this process share.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"
import * as BoundedMap from "../driver/BoundedMap.ts"
import type { Description } from "../driver/Description.ts"
import type { AnyDriver } from "../driver/Driver.ts"
import type * as Options from "../driver/Options.ts"
import type { Redact } from "../http/redaction.ts"
import { Transport } from "../http/Transport.ts"
import { defaultWriteTimeout } from "../http/VendorClient.ts"
import { journalOf, ProcessState } from "../journal/ProcessState.ts"
import type { FieldIssue } from "../model/FieldIssue.ts"
import { InvalidRequest } from "../model/Reason.ts"
import type { RetlError } from "../model/RetlError.ts"
import type { Scope } from "../model/Scope.ts"
import * as Recording from "../telemetry/recording.ts"
import type { Subject } from "../telemetry/tracing.ts"
import * as Closing from "./closing.ts"
import * as DriverRequests from "./driverRequests.ts"
import * as Errors from "./errors.ts"
import * as OneJournal from "./oneJournal.ts"
import * as OpenEntries from "./openEntries.ts"
import * as PageSizes from "./pageSizes.ts"
import type { Rules } from "./poll/rules.ts"
import * as RateLimit from "./rate-limit/rateLimit.ts"
import * as Refs from "./refs.ts"
import * as Snapshots from "./snapshots.ts"
import * as Store from "./store.ts"
import * as Shared from "./trigger/shared.ts"

/** The options of a workspace. */
export interface MakeOptions extends Options.Options {
  /** What a run covers if its trigger names no scope. Required exactly where the vendor has scopes. */
  readonly defaultScope?: Scope
}

/** The times of one workspace. */
interface Times {
  /** How long after a trigger its run may still appear at the vendor. */
  readonly runAppearsWithin: Duration.Duration
  /** How long the vendor's reads may lag behind its writes. */
  readonly readLag: Duration.Duration
  /** The longest time in which core looks for the run of a trigger whose answer was lost. */
  readonly resolveWithin: Duration.Duration
  /** How long closing the workspace waits for triggers and changes to settle. */
  readonly closeWithin: Duration.Duration
  /** How long one write may take. */
  readonly writeTimeout: Duration.Duration
  /** How long a lease or a claim lasts unless it is renewed. */
  readonly journalLease: Duration.Duration
}

/** The context of one workspace. */
export interface WorkspaceContext extends Errors.Errors, Refs.Refs, DriverRequests.DriverRequests, Times {
  /** The workspace's name. */
  readonly name: string
  readonly vendor: string
  readonly baseUrl: string
  readonly description: Description
  /** Whose spans they are. */
  readonly subject: Subject
  /** Records a metric of the workspace. */
  readonly record: Recording.Record
  /** Cuts the token out of a text that is shown. */
  readonly redact: Redact
  /** The scopes that a caller may choose; empty where the vendor decides what a run covers. */
  readonly scopes: ReadonlyArray<Scope>
  /** The scope that ends with the workspace. */
  readonly scope: EffectScope.Scope
  readonly rateLimit: RateLimit.RateLimit
  /** The part of each documented limit that the workspace spends. */
  readonly rateLimitShare: number
  readonly closing: Closing.Closing
  readonly store: OpenEntries.CountingStore
  readonly pageSizes: PageSizes.PageSizes
  /** What the options and the vendor say about waits. */
  readonly rules: Rules
  /** Whether other processes may share the journal. */
  readonly isJournalShared: boolean
  readonly shared: Shared.Shared
  /**
   * Runs whose cancel this process requested, by their keys (`runKeyOf`), with the vendor's word for them right before.
   */
  readonly cancelRequested: BoundedMap.BoundedMap<string>
  /** Runs whose end this workspace has reported, by their keys. */
  readonly reported: BoundedMap.BoundedMap<true>
}

export const make = Effect.fnUntraced(function* (
  options: MakeOptions,
  driver: AnyDriver,
  scope: EffectScope.Scope,
): Effect.fn.Return<WorkspaceContext, RetlError> {
  const { name, statusWords = {}, rateLimitShare = 0.7 } = options
  const { vendor, baseUrl, description, redact = (text) => text } = driver
  const service = yield* Transport
  const transport = service.id ?? service
  const state = yield* ProcessState
  const journal = options.journal ?? journalOf(state, transport)
  const times = timesOf(options, description)
  const errors = Errors.make(name, vendor)
  const subject: Subject = { vendor, workspace: name }
  const record = Recording.make(subject)
  const rateLimit = yield* RateLimit.make({
    ...{ name, vendor, baseUrl, scope, state, transport, error: errors.error, account: driver.account, record },
    limits: description.limits,
    share: rateLimitShare,
    rateLimitWithin: Duration.fromInputUnsafe(options.rateLimitWithin ?? Duration.minutes(1)),
  })
  const closing = yield* Closing.make(scope, times.closeWithin)
  yield* Effect.mapError(
    OneJournal.claim(state, transport, JSON.stringify([vendor, baseUrl, name]), journal, scope),
    () => errors.error("configure", new InvalidRequest({ issues: [otherJournal] })),
  )
  const refs = Refs.make(name, driver, errors)
  const cancelRequested = BoundedMap.make<string>(4096)
  const snapshots = Snapshots.make({
    ...{ workspace: name, vendor, errors, refs, redact, statusWords, cancelRequested },
    areDeletedApart: description.deletedRows === "apart",
  })
  const pageSizes = PageSizes.make(options.pageSize)
  return {
    ...errors,
    ...refs,
    ...DriverRequests.make({ driver, rateLimit, errors, refs, snapshots, pageSizes }),
    ...times,
    name,
    vendor,
    baseUrl,
    description,
    subject,
    record,
    redact,
    scopes: driver.scopes ?? [],
    scope,
    rateLimit,
    rateLimitShare,
    closing,
    pageSizes,
    rules: {
      countsSettleWithin: Duration.toMillis(Duration.fromInputUnsafe(description.countsSettleWithin ?? 0)),
      lookCost: Duration.toSeconds(Duration.fromInputUnsafe(options.lookCost ?? Duration.seconds(2))),
      areHintsExpected: options.hints === "expected",
    },
    store: OpenEntries.counting(
      Store.make(journal, Duration.fromInputUnsafe(options.storeWithin ?? Duration.seconds(10)), errors),
      subject,
      record,
    ),
    isJournalShared: options.journal !== undefined,
    shared: Shared.of(state, transport),
    cancelRequested,
    reported: BoundedMap.make(4096),
  }
})

const otherJournal: FieldIssue = {
  path: ["journal"],
  message: "Expected the journal of the open workspace with this name: make one journal, and pass it to both",
}

const timesOf = (options: MakeOptions, description: Description): Times => {
  const runAppearsWithin = Duration.fromInputUnsafe(options.runAppearsWithin ?? description.runAppearsWithin)
  const resolveWithin = Duration.fromInputUnsafe(options.resolveWithin ?? Duration.minutes(5))
  return {
    runAppearsWithin,
    readLag: Duration.fromInputUnsafe(description.readLag),
    resolveWithin: Duration.max(resolveWithin, runAppearsWithin),
    closeWithin: Duration.fromInputUnsafe(options.closeWithin ?? Duration.seconds(5)),
    writeTimeout: Duration.fromInputUnsafe(options.writeTimeout ?? defaultWriteTimeout),
    journalLease: Duration.fromInputUnsafe(options.journalLease ?? Duration.seconds(30)),
  }
}
