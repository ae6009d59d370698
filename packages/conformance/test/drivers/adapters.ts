/**
 * The adapters whose drivers are changed: each is opened over a driver that a change returns, and a law is checked against it.
 * Together their vendors have everything that the suite looks at.
 */
import type { Harness, VendorEmulator, WorkspaceOptions } from "@openretl/conformance/Harness"
import type { Law } from "@openretl/conformance/Law"
import * as Laws from "@openretl/conformance/Laws"
import { type Verdict, verify } from "@openretl/conformance/Verify"
import type { Administration } from "@openretl/core/Administration"
import type { Catalog } from "@openretl/core/Catalog"
import type { CurrentWorkspace } from "@openretl/core/CurrentWorkspace"
import * as AdminWorkspace from "@openretl/core/driver/AdminWorkspace"
import type { AnyDriver } from "@openretl/core/driver/Driver"
import type { RetlError } from "@openretl/core/RetlError"
import type { Runs } from "@openretl/core/Runs"
import * as Schedule from "@openretl/core/Schedule"
import type { Workspace } from "@openretl/core/Workspace"
import {
  RudderStackEmulator,
  RudderStackSwitches,
  SegmentEmulator,
  SegmentSwitches,
  ZeotapEmulator,
  ZeotapSwitches,
} from "@openretl/emulator"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Segment from "../../../segment/src/Segment.ts"
import * as SegmentAdmin from "../../../segment/src/SegmentAdmin.ts"
import { definition as segmentDefinition } from "../../../segment/test/admin.ts"
import * as Zeotap from "../../../zeotap/src/Zeotap.ts"
import * as ZeotapAdmin from "../../../zeotap/src/ZeotapAdmin.ts"
import { definition as zeotapDefinition } from "../../../zeotap/test/onEmulator.ts"
import * as Acme from "../acme.ts"
import { administration as acmeAdministration } from "../acmeAdministration.ts"
import * as AcmeConfiguration from "../acmeConfiguration.ts"
import { withScope } from "../mutants.ts"
import { readingNumbers, withNumbers } from "./numericIds.ts"

/** Returns the driver that takes the place of the adapter's. Drivers of several vendors have one type here. */
export type Change = (driver: AnyDriver) => AnyDriver

/** An adapter whose driver can be changed. */
export interface Adapter {
  readonly name: string
  /** The laws for its vendor. */
  readonly laws: ReadonlyArray<Law>
  /** Checks a law against the adapter over a changed driver. */
  readonly verify: (change: Change, law: Law) => Effect.Effect<Verdict, unknown>
}

type Services = Runs | CurrentWorkspace | Catalog | Administration

/** Opens a workspace over the driver that `change` returns. It has the services of the driver's parts. */
const open = (options: WorkspaceOptions, driver: Effect.Effect<AnyDriver, RetlError>, change: Change) =>
  Effect.map(
    Effect.flatMap(driver, (original) => AdminWorkspace.make(options, change(original))),
    (workspace) => workspace as Workspace<Services>,
  )

const onTestClock = <A>(verified: Effect.Effect<A, unknown>) => Effect.provide(verified, TestClock.layer())

type OnZeotap = ZeotapEmulator.ZeotapEmulator

/** The vendor queues, shows when a run was created apart from its start, and cannot cancel. */
export const zeotap: Adapter = {
  name: "Zeotap",
  laws: Laws.of(ZeotapSwitches),
  verify: (change, law) => {
    const settings = ({ workspace }: OnZeotap, options: WorkspaceOptions) => ({ workspaceId: workspace.id, ...options })
    const harness: Harness<typeof ZeotapSwitches, OnZeotap> = {
      name: "Zeotap",
      emulator: ZeotapEmulator.make,
      workspace: (emulator, options) => {
        const used = settings(emulator, options)
        const driver = Effect.map(Zeotap.client(used), (client): AnyDriver => Zeotap.driver(client, used))
        return open(options, driver, change)
      },
      sync: (workspace, { sync = "" }) => Zeotap.syncRef(workspace, { sync }),
      administration: {
        workspace: (emulator, options) => {
          const used = settings(emulator, options)
          const driver = Effect.map(ZeotapAdmin.client(used), (client): AnyDriver => ZeotapAdmin.driver(client, used))
          return open(options, driver, change)
        },
        definition: zeotapDefinition,
        schedules: [Schedule.cron("0 */6 * * *"), Schedule.cron("30 7 * * 1-5")],
      },
    }
    return onTestClock(verify(harness, law))
  },
}

/** The vendor has a word for a success of some rows, a code for errors, and refuses cancels inside a success. */
export const segment: Adapter = {
  name: "Segment",
  laws: Laws.of(SegmentSwitches),
  verify: (change, law) => {
    const region = "us" as const
    const harness: Harness<typeof SegmentSwitches> = {
      name: "Segment",
      emulator: SegmentEmulator.make,
      workspace: (_, options) =>
        open(options, Effect.map(Segment.client({ region, ...options }), Segment.driver), change),
      sync: (workspace, { source = "", model = "", subscription = "" }) =>
        Segment.syncRef(workspace, { source, model, subscription }),
      administration: {
        workspace: (_, options) =>
          open(options, Effect.map(SegmentAdmin.client({ region, ...options }), SegmentAdmin.driver), change),
        definition: segmentDefinition,
        schedules: [Schedule.every("90 minutes"), Schedule.cron("30 7 * * 1-5", "Europe/Berlin")],
      },
    }
    return onTestClock(verify(harness, law))
  },
}

const acmeHarness = (change: Change): Harness<typeof RudderStackSwitches> => {
  const clientOf = (options: WorkspaceOptions) => Acme.client(withScope(options))
  return {
    name: "Acme",
    emulator: RudderStackEmulator.make,
    workspace: (_, options) => open(withScope(options), Effect.map(clientOf(options), Acme.driver), change),
    sync: (workspace, { connection = "" }) => Acme.syncRef(workspace, { connection }),
    administration: {
      ...acmeAdministration,
      workspace: (_, options) =>
        open(withScope(options), Effect.map(clientOf(options), AcmeConfiguration.driver), change),
    },
  }
}

/** The worked example. The vendor refuses a second run of a sync, has scopes, and stops whatever runs on a sync. */
export const acme: Adapter = {
  name: "Acme",
  laws: Laws.of(RudderStackSwitches),
  verify: (change, law) => onTestClock(verify(acmeHarness(change), law)),
}

/** The worked example at a vendor that writes the ids of syncs as numbers, larger than a number of JavaScript can be. */
export const acmeWithNumbers: Adapter = {
  name: "Acme with numbers",
  laws: Laws.of(),
  verify: (change, law) => {
    const harness = acmeHarness(change)
    const { administration, emulator, workspace } = harness
    return onTestClock(
      verify(
        {
          ...harness,
          emulator: (options) => Effect.map(emulator(options), withNumbers),
          workspace: (made: VendorEmulator, options: WorkspaceOptions) => readingNumbers(workspace(made, options)),
          ...(administration && {
            administration: {
              ...administration,
              workspace: (made: VendorEmulator, options: WorkspaceOptions) =>
                readingNumbers(administration.workspace(made, options)),
            },
          }),
        },
        law,
      ),
    )
  },
}
