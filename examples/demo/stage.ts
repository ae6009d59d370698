/**
 * The staged trouble: three emulated vendors on loopback, a little faster than life, with syncs that go well and badly.
 *
 * It yields what a user would have: a configuration document, and the environment variables with the tokens. The program
 * that runs against it does not know that it is on a stage.
 */
import { Fault, RudderStackEmulator, SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import type { Emulator, Ids } from "@openretl/emulator/Emulator"
import type { RunPlan } from "@openretl/emulator/RunPlan"
import { serve } from "@openretl/emulator/Server"
import { Effect, type Scope } from "effect"

export interface Options {
  /** How many emulated seconds pass in one. @default 10 */
  readonly speed?: number
  /** The ports of Segment, RudderStack and Zeotap. @default any that are free */
  readonly ports?: readonly [number, number, number]
}

/** A sync on the stage, and where the truth about it can be looked up. */
export interface Staged {
  readonly emulator: Emulator
  readonly ids: Ids
}

export interface Stage {
  readonly document: object
  readonly env: Readonly<Record<string, string>>
  readonly syncs: Readonly<Record<string, Staged>>
}

/** More rounds than anybody tries against one served stage. */
const rounds = 200

/** Core looks past a lost answer for as long as the vendor may take to start the run; on this stage, a moment. */
const pace = { runAppearsWithin: "2 seconds", resolveWithin: "4 seconds" }

export const make = (options: Options = {}): Effect.Effect<Stage, never, Scope.Scope> =>
  Effect.gen(function* () {
    const speed = options.speed ?? 10
    const life = { speed, latency: `${speed * 30} millis` as const, stopTakes: `${speed} seconds` as const }
    const segment = yield* SegmentEmulator.make({ seed: 11, ...life })
    const rudderstack = yield* RudderStackEmulator.make({ seed: 12, region: "eu", ...life })
    const zeotap = yield* ZeotapEmulator.make({ seed: 13, ...life })
    const [segmentPort, rudderstackPort, zeotapPort] = options.ports ?? []
    const on = (port: number | undefined) => (port === undefined ? {} : { port })

    const cast = (emulator: Emulator, plan: RunPlan): Effect.Effect<Staged> =>
      Effect.gen(function* () {
        const ids = yield* emulator.addSync()
        yield* emulator.script(
          ids,
          Array.from({ length: rounds }, () => plan),
        )
        return { emulator, ids }
      })
    const syncs = {
      "orders-to-crm": yield* cast(rudderstack, { duration: "40 seconds", rows: { succeeded: 12_480 } }),
      "refunds-to-ads": yield* cast(rudderstack, { duration: "50 seconds", rows: { succeeded: 11_988, failed: 12 } }),
      "invoices-to-erp": yield* cast(rudderstack, { duration: "70 seconds", rows: { succeeded: 3_071 } }),
      "leads-to-crm": yield* cast(segment, {
        duration: "30 seconds",
        ends: "failed",
        error: { text: "The destination refused the credentials.", code: "DESTINATION_AUTH" },
      }),
      "audience-to-ads": yield* cast(segment, {
        queued: "5 seconds",
        duration: "2 minutes",
        rows: { succeeded: 640 },
      }),
      "profiles-to-email": yield* cast(zeotap, {
        queued: "10 seconds",
        duration: "40 seconds",
        rows: { succeeded: 8_200 },
      }),
      "loyalty-to-app": yield* cast(zeotap, { duration: "50 seconds", rows: { succeeded: 49_940, failed: 60 } }),
    }
    const invoices = syncs["invoices-to-erp"].ids
    yield* rudderstack.addFaults(Fault.lost("start", { commits: true, sync: invoices, times: rounds }))

    const document = {
      workspaces: {
        marketing: {
          vendor: "segment",
          region: "us",
          baseUrl: yield* serve(segment, on(segmentPort)),
          tokenEnv: "DEMO_SEGMENT_TOKEN",
          ...pace,
        },
        "finance-eu": {
          vendor: "rudderstack",
          region: "eu",
          baseUrl: yield* serve(rudderstack, on(rudderstackPort)),
          tokenEnv: "DEMO_RUDDERSTACK_TOKEN",
          defaultScope: "incremental",
          ...pace,
        },
        loyalty: {
          vendor: "zeotap",
          workspaceId: zeotap.workspace.id,
          baseUrl: yield* serve(zeotap, on(zeotapPort)),
          tokenEnv: "DEMO_ZEOTAP_TOKEN",
          ...pace,
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
          cancelAfter: "3 seconds",
        },
        "profiles-to-email": {
          workspace: "loyalty",
          ids: syncs["profiles-to-email"].ids,
          whenRunning: "adopt",
          cancelAfter: "2 seconds",
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
    return { document, env, syncs }
  })
