/**
 * The staged demonstration: three emulated vendors on loopback, faster than real time, with syncs that end well and badly.
 *
 * It returns what a user has: a configuration document, and environment variables with the tokens. The program runs
 * against these emulators as it does against real vendors.
 */

import type { Emulator, Ids } from "@openretl/emulator/Emulator"
import * as Fault from "@openretl/emulator/Fault"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import type { RunPlan } from "@openretl/emulator/RunPlan"
import * as SegmentEmulator from "@openretl/emulator/SegmentEmulator"
import { serve } from "@openretl/emulator/Server"
import * as ZeotapEmulator from "@openretl/emulator/ZeotapEmulator"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

export interface Options {
  /** How many emulated seconds pass in one real second. @default 10 */
  readonly speed?: number
  /** The ports of Segment, RudderStack and Zeotap. @default any free ports */
  readonly ports?: readonly [number, number, number]
  /**
   * Whether the emulators are served on loopback. Otherwise they have the addresses of the vendors, and answer only through a
   * `RoutingTransport`. @default true
   */
  readonly isServed?: boolean
}

/** A staged sync and the emulator that has it. */
export interface StagedSync {
  readonly emulator: Emulator
  readonly ids: Ids
}

export interface Stage {
  readonly document: object
  readonly env: Readonly<Record<string, string>>
  readonly syncs: Readonly<Record<string, StagedSync>>
  /** How long after its trigger a run is cancelled, by the name of its sync. */
  readonly cancels: Readonly<Record<string, Duration.Duration>>
}

/** How often a served stage can be run: each run of a sync uses up one scripted plan. */
const rounds = 200

/**
 * How long core waits after a lost answer, and after a process that died. Real vendors take minutes, the stage seconds.
 */
const timing = {
  runAppearsWithin: "2 seconds",
  resolveWithin: "4 seconds",
  writeTimeout: "10 seconds",
  journalLease: "3 seconds",
}

/** Stages the syncs, and serves the emulators until the scope closes. */
export const make = (options: Options = {}): Effect.Effect<Stage, never, Scope.Scope> =>
  Effect.gen(function* () {
    const speed = options.speed ?? 10
    const timeScale = { speed, latency: `${speed * 30} millis` as const, stopTakes: `${speed} seconds` as const }
    const segment = yield* SegmentEmulator.make({ seed: 11, ...timeScale })
    const rudderstack = yield* RudderStackEmulator.make({ seed: 12, region: "eu", ...timeScale })
    const zeotap = yield* ZeotapEmulator.make({ seed: 13, ...timeScale })
    const [segmentPort, rudderstackPort, zeotapPort] = options.ports ?? []
    const addressOf = (emulator: Emulator, port: number | undefined) =>
      options.isServed === false
        ? Effect.succeed(emulator.baseUrl)
        : serve(emulator, port === undefined ? {} : { port })

    const addSync = (emulator: Emulator, plan: RunPlan): Effect.Effect<StagedSync> =>
      Effect.gen(function* () {
        const ids = yield* emulator.addSync()
        yield* emulator.script(
          ids,
          Array.from({ length: rounds }, () => plan),
        )
        return { emulator, ids }
      })
    const syncs = {
      "orders-to-crm": yield* addSync(rudderstack, { duration: "40 seconds", rows: { succeeded: 12_480 } }),
      "refunds-to-ads": yield* addSync(rudderstack, {
        duration: "50 seconds",
        rows: { succeeded: 11_988, failed: 12 },
      }),
      "invoices-to-erp": yield* addSync(rudderstack, { duration: "70 seconds", rows: { succeeded: 3_071 } }),
      "leads-to-crm": yield* addSync(segment, {
        duration: "30 seconds",
        ends: "failed",
        error: { text: "The destination refused the credentials.", code: "DESTINATION_AUTH" },
      }),
      "audience-to-ads": yield* addSync(segment, {
        queued: "5 seconds",
        duration: "2 minutes",
        rows: { succeeded: 640 },
      }),
      "profiles-to-email": yield* addSync(zeotap, {
        queued: "10 seconds",
        duration: "40 seconds",
        rows: { succeeded: 8_200 },
      }),
      "loyalty-to-app": yield* addSync(zeotap, { duration: "50 seconds", rows: { succeeded: 49_940, failed: 60 } }),
    }
    const invoices = syncs["invoices-to-erp"].ids
    yield* rudderstack.addFaults(Fault.lost("start", { commits: true, sync: invoices, times: rounds }))

    const document = {
      workspaces: {
        marketing: {
          vendor: "segment",
          region: "us",
          baseUrl: yield* addressOf(segment, segmentPort),
          token: { env: "DEMO_SEGMENT_TOKEN" },
          ...timing,
        },
        "finance-eu": {
          vendor: "rudderstack",
          region: "eu",
          baseUrl: yield* addressOf(rudderstack, rudderstackPort),
          token: { env: "DEMO_RUDDERSTACK_TOKEN" },
          defaultScope: "incremental",
          ...timing,
        },
        loyalty: {
          vendor: "zeotap",
          workspaceId: zeotap.workspace.id,
          baseUrl: yield* addressOf(zeotap, zeotapPort),
          token: { env: "DEMO_ZEOTAP_TOKEN" },
          ...timing,
        },
      },
      syncs: {
        "orders-to-crm": { workspace: "finance-eu", ids: syncs["orders-to-crm"].ids, whenRunning: "wait" },
        "refunds-to-ads": { workspace: "finance-eu", ids: syncs["refunds-to-ads"].ids, whenRunning: "wait" },
        "invoices-to-erp": { workspace: "finance-eu", ids: invoices, whenRunning: "wait", labels: { team: "finance" } },
        "leads-to-crm": { workspace: "marketing", ids: syncs["leads-to-crm"].ids, whenRunning: "fail" },
        "audience-to-ads": {
          workspace: "marketing",
          ids: syncs["audience-to-ads"].ids,
          whenRunning: "fail",
        },
        "profiles-to-email": {
          workspace: "loyalty",
          ids: syncs["profiles-to-email"].ids,
          whenRunning: "adopt",
        },
        "loyalty-to-app": {
          workspace: "loyalty",
          ids: syncs["loyalty-to-app"].ids,
          whenRunning: "adopt",
          policy: { maxFailedRatio: 0.01 },
        },
      },
    }
    const env = {
      DEMO_SEGMENT_TOKEN: segment.token,
      DEMO_RUDDERSTACK_TOKEN: rudderstack.token,
      DEMO_ZEOTAP_TOKEN: zeotap.token,
    }
    const cancels = { "audience-to-ads": Duration.seconds(3), "profiles-to-email": Duration.seconds(2) }
    return { document, env, syncs, cancels }
  })
