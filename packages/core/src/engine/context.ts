/**
 * The context of one workspace: what its parts share.
 *
 * It consists of the workspace's errors, its refs, the requests of its driver, its times, its rate limit, its intents,
 * and the memory of this process.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"
import * as BoundedMap from "../driver/BoundedMap.ts"
import type { Description } from "../driver/Description.ts"
import type { AnyDriver } from "../driver/Driver.ts"
import type * as Options from "../driver/Options.ts"
import { Transport } from "../http/Transport.ts"
import { defaultWriteTimeout } from "../http/VendorClient.ts"
import * as IntentStore from "../journal/IntentStore.ts"
import { ProcessState } from "../journal/ProcessState.ts"
import * as StoredIntents from "../journal/storedIntents.ts"
import type { Scope } from "../model/Scope.ts"
import type { Guard } from "../model/Trigger.ts"
import * as DriverRequests from "./driverRequests.ts"
import * as Errors from "./errors.ts"
import * as RateLimit from "./rate-limit/rateLimit.ts"
import * as Refs from "./refs.ts"
import * as Snapshots from "./snapshots.ts"

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
}

/** The context of one workspace. */
export interface WorkspaceContext extends Errors.Errors, Refs.Refs, DriverRequests.DriverRequests, Times {
  /** The workspace's name. */
  readonly name: string
  readonly vendor: string
  readonly description: Description
  /** The scopes that a caller may choose; empty where the vendor decides what a run covers. */
  readonly scopes: ReadonlyArray<Scope>
  /** What keeps two runs of a sync apart. */
  readonly guard: Guard
  /** The scope that ends with the workspace. */
  readonly scope: EffectScope.Scope
  readonly rateLimit: RateLimit.RateLimit
  readonly intents: IntentStore.IntentStore
  /** Reads the workspace's records in the intent store, anew each time. */
  readonly storedIntents: Effect.Effect<StoredIntents.StoredIntents, IntentStore.IntentStoreError>
  /**
   * Runs whose cancel this process requested, by their keys (`runKeyOf`), with the vendor's word for them right before.
   */
  readonly cancelRequested: BoundedMap.BoundedMap<string>
}

export const make = Effect.fnUntraced(function* (
  options: MakeOptions,
  driver: AnyDriver,
  scope: EffectScope.Scope,
): Effect.fn.Return<WorkspaceContext> {
  const { name, intents = IntentStore.memory(), statusWords = {} } = options
  const { vendor, description } = driver
  const errors = Errors.make(name, vendor)
  const transport = yield* Transport
  const rateLimit = yield* RateLimit.make({
    ...{ name, vendor, scope, error: errors.error, baseUrl: driver.baseUrl, account: driver.account },
    limits: description.limits,
    share: options.rateLimitShare ?? 0.7,
    rateLimitWithin: Duration.fromInputUnsafe(options.rateLimitWithin ?? Duration.minutes(1)),
    state: yield* ProcessState,
    transport: transport.id ?? transport,
  })
  const refs = Refs.make(name, driver, errors)
  const cancelRequested = BoundedMap.make<string>(4096)
  const snapshots = Snapshots.make({ workspace: name, vendor, errors, refs, statusWords, cancelRequested })
  return {
    ...errors,
    ...refs,
    ...DriverRequests.make({ driver, rateLimit, errors, refs, snapshots }),
    ...timesOf(options, description),
    name,
    vendor,
    description,
    scopes: driver.scopes ?? [],
    guard: description.whenBusy === "refuses" ? "vendor" : "observed",
    scope,
    rateLimit,
    intents,
    storedIntents: StoredIntents.read(intents, name),
    cancelRequested,
  }
})

const timesOf = (options: MakeOptions, description: Description): Times => {
  const runAppearsWithin = Duration.fromInputUnsafe(options.runAppearsWithin ?? description.runAppearsWithin)
  const resolveWithin = Duration.fromInputUnsafe(options.resolveWithin ?? Duration.minutes(5))
  return {
    runAppearsWithin,
    readLag: Duration.fromInputUnsafe(description.readLag),
    resolveWithin: Duration.max(resolveWithin, runAppearsWithin),
    closeWithin: Duration.fromInputUnsafe(options.closeWithin ?? Duration.seconds(5)),
    writeTimeout: Duration.fromInputUnsafe(options.writeTimeout ?? defaultWriteTimeout),
  }
}
