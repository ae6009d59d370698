/** A testbed whose law is about what is configured, with everything for that at hand. */

import type { Service as AdministrationService } from "@openretl/core/Administration"
import type { Service as CatalogService } from "@openretl/core/Catalog"
import { ChangeIncomplete, ChangeIndeterminate, type Definition } from "@openretl/core/Change"
import type { SyncRef } from "@openretl/core/Ref"
import type { Schedule } from "@openretl/core/Schedule"
import type { Ids, TruthSync } from "@openretl/emulator/Emulator"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Wanted } from "../Harness.ts"
import { type Law, law, needsAdministration, needsCatalog, type Setup } from "../Law.ts"
import type { Testbed } from "../Testbed.ts"

export interface ConfiguredLab extends Testbed {
  readonly catalog: CatalogService
  readonly administration: AdministrationService
  readonly schedules: ReadonlyArray<Schedule>
  readonly definition: (parts: Ids, wanted?: Partial<Wanted>) => Definition
  /** What is configured over these parts, as it really is. */
  readonly over: (parts: Ids) => Effect.Effect<ReadonlyArray<TruthSync>>
  /** The testbed's sync, or another, as it really is; `undefined` where it is gone. */
  readonly really: (sync?: SyncRef) => Effect.Effect<TruthSync | undefined, unknown>
}

type Check = (testbed: ConfiguredLab) => Effect.Effect<void, unknown, Scope.Scope>

const on =
  (configuration: Setup) =>
  (ids: string, title: string, setup: Setup, check: Check): Law =>
    law(ids, title, { ...setup, ...configuration }, (testbed) =>
      Effect.flatMap(
        Effect.suspend(() => opened(testbed)),
        check,
      ),
    )

/** A law that reads what is configured. */
export const reading = on(needsCatalog)

/** A law that changes what is configured. */
export const changing = on(needsAdministration)

const opened = (testbed: Testbed) => {
  const { catalog, administration, configuring } = testbed
  if (catalog === undefined) return testbed.skip("the adapter has no catalog")
  if (administration === undefined || configuring === undefined)
    return testbed.skip("the adapter has no administration")
  const { syncs } = testbed.emulator
  return Effect.succeed<ConfiguredLab>({
    ...testbed,
    catalog,
    administration,
    schedules: configuring.schedules,
    definition: (parts, wanted) => configuring.definition(parts, { name: "Made by the suite", ...wanted }),
    over: (parts) => Effect.map(syncs, (all) => all.filter((one) => sameIds(one.parts, parts))),
    really: (sync = testbed.sync) =>
      Effect.gen(function* () {
        for (const one of yield* syncs) if (String(yield* testbed.refOf(one.ids)) === String(sync)) return one
        return undefined
      }),
  })
}

/** Parts are named alike, whatever else they hold. */
const sameIds = (one: Ids, other: Ids): boolean => Object.entries(other).every(([name, id]) => (one[name] ?? id) === id)

/** Whether it would fire by itself. */
export const fires = ({ state, nextFire }: TruthSync): boolean => state === "enabled" && nextFire !== undefined

export const indeterminate = (error: unknown): ChangeIndeterminate => {
  if (error instanceof ChangeIndeterminate) return error
  throw new Error(`expected a ChangeIndeterminate, found ${String(error)}`)
}

export const incomplete = (error: unknown): ChangeIncomplete => {
  if (error instanceof ChangeIncomplete) return error
  throw new Error(`expected a ChangeIncomplete, found ${String(error)}`)
}
