/** The testbed of a law about configured syncs. */

import type { Service as AdministrationService } from "@openretl/core/Administration"
import type { Service as CatalogService } from "@openretl/core/Catalog"
import { ChangeIncomplete, ChangeIndeterminate, type Definition } from "@openretl/core/Change"
import type { Service as CreationService } from "@openretl/core/Creation"
import type { Service as DeletionService } from "@openretl/core/Deletion"
import { SyncRef } from "@openretl/core/Ref"
import * as Schedule from "@openretl/core/Schedule"
import type { Ids, TruthSync } from "@openretl/emulator/Emulator"
import * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"
import * as Struct from "effect/Struct"
import { expect } from "vitest"
import type { DefinitionInput } from "../../Harness.ts"
import { type Law, law } from "../../Law.ts"
import { needsAdministration, needsCatalog, type Setup } from "../../Setup.ts"
import type { Testbed } from "../../Testbed.ts"
import * as Answers from "../../testbed/answers.ts"
import { fieldsOf } from "./ownFields.ts"

/**
 * Everything that changes syncs. A law that creates or deletes syncs says so in its setup (`needsCreation`,
 * `needsDeletion`): a `create` or `delete` that the vendor lacks dies.
 */
export interface Changes extends AdministrationService, CreationService, DeletionService {}

export interface ConfiguredTestbed extends Testbed {
  readonly catalog: CatalogService
  readonly administration: Changes
  /** Schedules that the vendor can express, from the harness. */
  readonly schedules: ReadonlyArray<Schedule.Schedule>
  /**
   * The zone that the vendor reads cron expressions in, as an option of `Schedule`'s functions; empty where expressions
   * name their zone.
   */
  readonly timeZone: { readonly assumedTimeZone?: string }
  /** Whether a schedule means the same to this vendor as the expected one; false for `undefined`. */
  readonly isSameSchedule: (schedule: Schedule.Schedule | undefined, expected: Schedule.Schedule) => boolean
  /** Defines a new sync over these parts. */
  readonly definition: (parts: Ids, input?: Partial<DefinitionInput>) => Definition
  /** The syncs over these parts as the emulator has them. */
  readonly syncsOver: (parts: Ids) => Effect.Effect<ReadonlyArray<TruthSync>>
  /** A sync as the emulator has it; `undefined` where it does not exist. @default the testbed's sync */
  readonly actualSync: (sync?: SyncRef) => Effect.Effect<TruthSync | undefined, unknown>
  /** The text of a ref without its optional ids: of two refs of one sync, only one may have them. */
  readonly textOf: (ref: SyncRef) => string
  /** The refs of all syncs that the emulator has. */
  readonly actualRefs: Effect.Effect<ReadonlyArray<SyncRef>, unknown>
}

/** The name of every sync that a law creates without naming it. */
export const syncName = "Made by the suite"

type Check = (testbed: ConfiguredTestbed) => Effect.Effect<void, unknown, EffectScope.Scope>

const lawWith =
  (configuration: Setup) =>
  (ids: string, title: string, setup: Setup, check: Check): Law =>
    law(ids, title, { ...setup, ...configuration }, (testbed) =>
      Effect.flatMap(
        Effect.suspend(() => configured(testbed)),
        check,
      ),
    )

/** Creates a law that reads configured syncs. Its testbed may have no administration, whose functions then die. */
export const reading = lawWith(needsCatalog)

/** Creates a law that creates, updates or deletes syncs. */
export const changing = lawWith(needsAdministration)

const configured = (testbed: Testbed) => {
  const { catalog, administration, creation, deletion, administrationHarness, emulator } = testbed
  if (catalog === undefined) return Effect.die(new Error("the workspace of the harness lacks Catalog"))
  if (administrationHarness !== undefined && administration === undefined) {
    return Effect.die(new Error("the workspace of the harness's administration lacks Administration"))
  }
  const timeZone = administration === undefined ? {} : timeZoneOf(administration)
  const textOf = (ref: SyncRef) => String(new SyncRef({ ...ref, ids: Struct.pick(ref.ids, Object.keys(testbed.ids)) }))
  return Effect.succeed<ConfiguredTestbed>({
    ...testbed,
    catalog,
    administration: {
      ...(administration ?? noChanges),
      create: creation?.create ?? (() => Effect.die(new Error("the law's setup lacks needsCreation"))),
      delete: deletion?.delete ?? (() => Effect.die(new Error("the law's setup lacks needsDeletion"))),
    },
    schedules: administrationHarness?.schedules ?? [],
    timeZone,
    textOf,
    isSameSchedule: (schedule, expected) => schedule !== undefined && Schedule.equivalent(schedule, expected, timeZone),
    definition: (parts, input) => {
      if (administrationHarness === undefined) throw new Error(noAdministration)
      return administrationHarness.definition(parts, { name: syncName, ...input })
    },
    syncsOver: (parts) => Effect.map(emulator.syncs, (syncs) => syncs.filter((sync) => hasParts(sync, parts))),
    actualSync: (ref = testbed.sync) =>
      Effect.gen(function* () {
        for (const sync of yield* emulator.syncs) {
          if (String(yield* testbed.syncRef(sync.ids)) === textOf(ref)) return sync
        }
        return undefined
      }),
    actualRefs: Effect.flatMap(emulator.syncs, (syncs) => Effect.forEach(syncs, ({ ids }) => testbed.syncRef(ids))),
  })
}

const noAdministration = "the adapter has no administration, which a law about reads alone does not need"

const noChange = () => Effect.die(new Error(noAdministration))

/** In the place of an administration that the adapter lacks: everything dies. */
const noChanges: AdministrationService = {
  schedules: { vendor: "none" },
  update: noChange,
  pause: noChange,
  resume: noChange,
  setSchedule: noChange,
  pending: Effect.die(new Error(noAdministration)),
  resolve: noChange,
  settle: noChange,
}

/** A vendor whose expressions name no zone reads them in the zone that its forms assume. */
const timeZoneOf = ({ schedules: { cron } }: AdministrationService): ConfiguredTestbed["timeZone"] =>
  cron === undefined || cron.timeZone === "named" ? {} : { assumedTimeZone: cron.timeZone.assumed }

/** Whether a sync has these parts. Parts that the sync does not name do not count. */
const hasParts = (sync: TruthSync, parts: Ids): boolean =>
  Object.entries(parts).every(([name, id]) => (sync.parts[name] ?? id) === id)

/** Whether a sync fires by itself. */
export const canFire = ({ state, nextFire }: TruthSync): boolean => state === "enabled" && nextFire !== undefined

/** Returns the error as a `ChangeIndeterminate`. Throws, which breaks the law, when it is anything else. */
export const requireIndeterminate = (error: unknown): ChangeIndeterminate => {
  if (error instanceof ChangeIndeterminate) return error
  throw new Error(`expected a ChangeIndeterminate, found ${String(error)}`)
}

/** Returns the error as a `ChangeIncomplete`. Throws, which breaks the law, when it is anything else. */
export const requireIncomplete = (error: unknown): ChangeIncomplete => {
  if (error instanceof ChangeIncomplete) return error
  throw new Error(`expected a ChangeIncomplete, found ${String(error)}`)
}

/**
 * Ends the law where syncs have no names: the harness defines none, and the vendor's answers show none. Returns the name that
 * a definition has.
 */
export const nameOf = Effect.fnUntraced(function* (testbed: ConfiguredTestbed, name: string) {
  const hasDefinitions = testbed.administrationHarness !== undefined
  const defined = hasDefinitions ? testbed.definition(yield* testbed.emulator.addParts(), { name }).name : undefined
  if (defined !== undefined) return defined
  const [, answers] = yield* Answers.during(testbed, testbed.run(testbed.catalog.get(testbed.sync)))
  const actual = (yield* testbed.actualSync()) ?? expect.fail("the emulator has no such sync")
  const isShown = fieldsOf(actual, answers.bodies).get("name")?.has(JSON.stringify(actual.name)) === true
  if (isShown && !hasDefinitions) return actual.name
  expect(isShown, "the vendor's syncs have names, and the harness defines none").toBe(false)
  return yield* testbed.skip("syncs of this vendor have no names")
})

/** Expects that requests made one sync over these parts, and that `sync`, which a create returned, is it. */
export const expectCreatedOnce = Effect.fnUntraced(function* (
  testbed: ConfiguredTestbed,
  parts: Ids,
  sync: { readonly ref: SyncRef } | undefined,
) {
  const created = (yield* testbed.syncsOver(parts)).filter(({ callIndex }) => callIndex !== undefined)
  const refs = yield* Effect.forEach(created, ({ ids }) => testbed.syncRef(ids))
  expect(refs.map(String), "A1: the create returns the one sync that it made").toEqual([
    sync && testbed.textOf(sync.ref),
  ])
})
