/** Three served emulators with syncs that end in every way, and a configuration of them in a folder. */
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Emulator, Ids } from "@openretl/emulator/Emulator"
import * as RudderStackEmulator from "@openretl/emulator/RudderStackEmulator"
import type { RunPlan } from "@openretl/emulator/RunPlan"
import * as SegmentEmulator from "@openretl/emulator/SegmentEmulator"
import { serve } from "@openretl/emulator/Server"
import * as ZeotapEmulator from "@openretl/emulator/ZeotapEmulator"
import { Effect, Exit, Scope } from "effect"
import type { Test } from "./program.ts"

/** An emulated account: where its configuration is, and what a test changes. */
export interface Account {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly path: string
  readonly document: Document
  readonly rudderstack: Emulator
  readonly segment: Emulator
  readonly zeotap: Emulator
  /** The ids of each sync by its name. */
  readonly ids: Readonly<Record<string, Ids>>
  /** Writes another document to the configuration file. */
  readonly write: (document: unknown) => Promise<void>
}

interface Document {
  readonly workspaces: Readonly<Record<string, object>>
  readonly syncs: Readonly<Record<string, object>>
}

const at = "1 millis"

/** What a run of each sync of RudderStack does; a run takes a millisecond. */
const plans = {
  orders: { duration: at, rows: { succeeded: 1_200 } },
  refunds: { duration: at, rows: { succeeded: 88, failed: 12 } },
  leads: { duration: at, ends: "failed", error: { text: "no credentials", code: "DESTINATION_AUTH" } },
  endless: { ends: "never" },
} as const satisfies Record<string, RunPlan>

/** Short windows, so that what was lost is looked up within seconds. */
const timing = {
  runAppearsWithin: "500 millis",
  resolveWithin: "1 second",
  journalLease: "1 second",
  readTimeout: "2 seconds",
  writeTimeout: "2 seconds",
}

/** Serves the account until the test ends. */
export const open = async ({ onTestFinished }: Test): Promise<Account> => {
  const cwd = await mkdtemp(join(tmpdir(), "openretl-account-"))
  const scope = await Effect.runPromise(Scope.make())
  onTestFinished(async () => {
    await Effect.runPromise(Scope.close(scope, Exit.void))
    await rm(cwd, { recursive: true, force: true })
  })
  const made = await Effect.runPromise(
    Effect.gen(function* () {
      const rudderstack = yield* RudderStackEmulator.make({ seed: 1, region: "eu" })
      const segment = yield* SegmentEmulator.make({ seed: 2 })
      const zeotap = yield* ZeotapEmulator.make({ seed: 3 })
      const ids: Record<string, Ids> = {}
      for (const [name, plan] of Object.entries<RunPlan>(plans)) ids[name] = yield* rudderstack.addSync({ plan })
      ids["audience"] = yield* segment.addSync({ plan: { duration: at, rows: { succeeded: 400, total: 1_000 } } })
      ids["stopped"] = yield* zeotap.addSync({ plan: { duration: at, ends: "cancelled" } })
      ids["profiles"] = yield* zeotap.addSync({ plan: { ends: "never" } })
      return {
        rudderstack,
        segment,
        zeotap,
        ids,
        urls: { rudderstack: yield* serve(rudderstack), segment: yield* serve(segment), zeotap: yield* serve(zeotap) },
      }
    }).pipe(Effect.provideService(Scope.Scope, scope)),
  )
  const { rudderstack, segment, zeotap, ids, urls } = made
  const token = (name: string) => ({ env: `${name.toUpperCase()}_TOKEN` })
  const document: Document = {
    workspaces: {
      finance: {
        vendor: "rudderstack",
        region: "eu",
        baseUrl: urls.rudderstack,
        token: token("rudderstack"),
        defaultScope: "incremental",
        ...timing,
      },
      marketing: { vendor: "segment", region: "us", baseUrl: urls.segment, token: token("segment"), ...timing },
      loyalty: {
        vendor: "zeotap",
        workspaceId: zeotap.workspace.id,
        baseUrl: urls.zeotap,
        token: token("zeotap"),
        ...timing,
      },
    },
    syncs: {
      ...Object.fromEntries(
        Object.keys(plans).map((name) => [
          name,
          {
            workspace: "finance",
            ids: ids[name],
            whenRunning: "fail",
            labels: { team: name === "orders" || name === "refunds" ? "finance" : "other" },
            freshness: { warnAfter: "1 hour" },
          },
        ]),
      ),
      audience: { workspace: "marketing", ids: ids["audience"], whenRunning: "fail" },
      stopped: { workspace: "loyalty", ids: ids["stopped"], whenRunning: "fail" },
      profiles: { workspace: "loyalty", ids: ids["profiles"], whenRunning: "fail" },
    },
  }
  const path = join(cwd, "openretl.json")
  const write = (value: unknown) => writeFile(path, JSON.stringify(value))
  await write(document)
  const env = { RUDDERSTACK_TOKEN: rudderstack.token, SEGMENT_TOKEN: segment.token, ZEOTAP_TOKEN: zeotap.token }
  return { cwd, env, path, document, rudderstack, segment, zeotap, ids, write }
}
