/**
 * The staged demonstration: six emulated vendors on loopback, faster than real time, with syncs that end well and badly.
 *
 * It returns what a user has: a configuration document, and environment variables with the tokens. The program runs
 * against these emulators as it does against real vendors.
 */

import type { Emulator, Ids } from "@openretl/emulator/Emulator"
import * as Fault from "@openretl/emulator/Fault"
import * as FivetranActivationsEmulator from "@openretl/emulator/FivetranActivationsEmulator"
import * as HightouchEmulator from "@openretl/emulator/HightouchEmulator"
import * as PolytomicEmulator from "@openretl/emulator/PolytomicEmulator"
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

interface Planned {
  readonly workspace: "finance-eu" | "marketing" | "loyalty" | "growth" | "sales" | "product"
  readonly plan: RunPlan
  /** What the configuration says of the sync besides its workspace and ids. */
  readonly settings: object
  /** How many answers to its triggers are lost after the vendor has started the run. @default 0 */
  readonly lostAnswers?: number
}

const planned: Readonly<Record<string, Planned>> = {
  "orders-to-crm": {
    workspace: "finance-eu",
    plan: { duration: "40 seconds", rows: { succeeded: 12_480 } },
    settings: { whenRunning: "wait" },
  },
  "refunds-to-ads": {
    workspace: "finance-eu",
    plan: { duration: "50 seconds", rows: { succeeded: 11_988, failed: 12 } },
    settings: { whenRunning: "wait" },
  },
  "invoices-to-erp": {
    workspace: "finance-eu",
    plan: { duration: "70 seconds", rows: { succeeded: 3_071 } },
    settings: { whenRunning: "wait", labels: { team: "finance" } },
    lostAnswers: rounds,
  },
  "leads-to-crm": {
    workspace: "marketing",
    plan: {
      duration: "30 seconds",
      ends: "failed",
      error: { text: "The destination refused the credentials.", code: "DESTINATION_AUTH" },
    },
    settings: { whenRunning: "fail" },
  },
  "audience-to-ads": {
    workspace: "marketing",
    plan: { queued: "5 seconds", duration: "2 minutes", rows: { succeeded: 640 } },
    settings: { whenRunning: "fail" },
  },
  "profiles-to-email": {
    workspace: "loyalty",
    plan: { queued: "10 seconds", duration: "40 seconds", rows: { succeeded: 8_200 } },
    settings: { whenRunning: "adopt" },
  },
  "loyalty-to-app": {
    workspace: "loyalty",
    plan: { duration: "50 seconds", rows: { succeeded: 49_940, failed: 60 } },
    settings: { whenRunning: "adopt", policy: { maxFailedRatio: 0.01 } },
  },
  "contacts-to-help": {
    workspace: "growth",
    plan: { queued: "10 seconds", duration: "30 seconds", rows: { succeeded: 5_310 } },
    settings: { whenRunning: "wait" },
  },
  "accounts-to-crm": {
    workspace: "sales",
    plan: { duration: "40 seconds", rows: { succeeded: 7_640, invalid: 60 } },
    settings: { whenRunning: "fail" },
  },
  "usage-to-crm": {
    workspace: "product",
    plan: { duration: "40 seconds", rows: { succeeded: 920 } },
    settings: { whenRunning: "fail" },
    // Polytomic keeps the keys of triggers: the repeated one is answered.
    lostAnswers: 1,
  },
}

/** Stages the syncs, and serves the emulators until the scope closes. */
export const make = (options: Options = {}): Effect.Effect<Stage, never, Scope.Scope> =>
  Effect.gen(function* () {
    const speed = options.speed ?? 10
    const timeScale = { speed, latency: `${speed * 30} millis` as const, stopTakes: `${speed} seconds` as const }
    const emulators = {
      marketing: yield* SegmentEmulator.make({ seed: 11, ...timeScale }),
      "finance-eu": yield* RudderStackEmulator.make({ seed: 12, region: "eu", ...timeScale }),
      loyalty: yield* ZeotapEmulator.make({ seed: 13, ...timeScale }),
      growth: yield* HightouchEmulator.make({ seed: 14, ...timeScale }),
      sales: yield* FivetranActivationsEmulator.make({ seed: 15, ...timeScale }),
      product: yield* PolytomicEmulator.make({ seed: 16, ...timeScale }),
    }
    /** What each workspace needs besides its vendor, its address and its token. */
    const fields: Readonly<Record<Planned["workspace"], object>> = {
      marketing: { region: "us" },
      "finance-eu": { region: "eu", defaultScope: "incremental" },
      loyalty: { workspaceId: emulators.loyalty.workspace.id },
      growth: { defaultScope: "incremental" },
      sales: { groupId: emulators.sales.workspace.id, defaultScope: "incremental" },
      product: { defaultScope: "incremental" },
    }

    const env: Record<string, string> = {}
    const workspaces: Record<string, object> = {}
    for (const [name, emulator] of Object.entries(emulators)) {
      const variable = `DEMO_${emulator.vendor.replaceAll("-", "_").toUpperCase()}_TOKEN`
      env[variable] = emulator.token
      workspaces[name] = {
        vendor: emulator.vendor,
        ...fields[name as Planned["workspace"]],
        baseUrl: options.isServed === false ? emulator.baseUrl : yield* serve(emulator),
        token: { env: variable },
        ...timing,
      }
    }

    const staged: Record<string, StagedSync> = {}
    const syncs: Record<string, object> = {}
    for (const [name, { workspace, plan, settings, lostAnswers: times = 0 }] of Object.entries(planned)) {
      const emulator = emulators[workspace]
      const ids = yield* emulator.addSync()
      yield* emulator.script(
        ids,
        Array.from({ length: rounds }, () => plan),
      )
      if (times > 0) yield* emulator.addFaults(Fault.lost("start", { commits: true, sync: ids, times }))
      staged[name] = { emulator, ids }
      syncs[name] = { workspace, ids, ...settings }
    }
    const cancels = { "audience-to-ads": Duration.seconds(3), "profiles-to-email": Duration.seconds(2) }
    return { document: { workspaces, syncs }, env, syncs: staged, cancels }
  })
