/**
 * Segment Reverse ETL as a workspace that can be configured: everything of `Segment`, and with it the catalog of
 * mappings and their administration.
 *
 * Segment has no list of mappings: the catalog reads models and destinations, and the subscriptions of each
 * destination. A mapping whose model is gone is left out of it: nothing tells its source. It can still be read and deleted
 * by its ref.
 *
 * Subscriptions are created, changed and deleted 5 times a minute each, and core keeps to that: a create is one of each
 * of the first two, for a schedule can only be set afterwards.
 */
import type * as Administration from "@openretl/core/Administration"
import type * as Catalog from "@openretl/core/Catalog"
import type { Change, Definition } from "@openretl/core/Change"
import * as FromConfig from "@openretl/core/driver/FromConfig"
import * as Sections from "@openretl/core/driver/Sections"
import type { Target } from "@openretl/core/Move"
import type { RetlError } from "@openretl/core/RetlError"
import type { ScheduleForms } from "@openretl/core/ScheduleForms"
import type { Sync } from "@openretl/core/Sync"
import * as Workspace from "@openretl/core/Workspace"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as EffectScope from "effect/Scope"
import * as Writes from "./internal/administration.ts"
import * as Reads from "./internal/catalog.ts"
import * as Definitions from "./internal/definition.ts"
import * as MappingLocations from "./internal/mappingLocations.ts"
import { problems, settings } from "./internal/options.ts"
import * as Schedules from "./internal/schedule.ts"
import { Parts } from "./internal/syncFromWire.ts"
import * as Segment from "./Segment.ts"
import { make as makeClient, type SegmentClient } from "./SegmentClient.ts"

/** What every Segment workspace provides that can be configured. */
export type Services = Segment.Services | Catalog.Catalog | Administration.Administration

/** The driver's own shape, from which core derives `Services`. */
export interface SegmentAdminDriver extends Segment.SegmentDriver {
  readonly catalog: Catalog.Section
  readonly administration: Administration.Section
}

/** The client alone, with the same options: every endpoint, for what the portable services do not cover. */
export const client = (options: Segment.Options): Effect.Effect<SegmentClient, RetlError> =>
  Effect.flatMap(settings(options), makeClient)

/** The driver over the whole client. It remembers where it saw a mapping last, and what the latest change was about. */
export const driver = (client: SegmentClient): SegmentAdminDriver => {
  const mappingLocations = MappingLocations.make()
  return {
    ...Segment.driver(client),
    catalog: Sections.catalog(Reads.make(client, mappingLocations)),
    administration: Sections.administration(Writes.make(client, mappingLocations)),
  }
}

/** The workspace as a value, for a fleet. What it runs in the background ends with the surrounding `Scope`. */
export const workspace = (
  options: Segment.Options,
): Effect.Effect<Workspace.Workspace<Services>, RetlError, EffectScope.Scope> =>
  Effect.flatMap(client(options), (made) => Workspace.make(options, driver(made)))

/** The workspace as the current one. All problems of the options are reported at once, before any request. */
export const layer = (options: Segment.Options): Layer.Layer<Services, RetlError> =>
  Workspace.toLayer(workspace(options))

/** As `layer`, with any part of the options read from the configuration. */
export const layerConfig = (wrapped: FromConfig.Wrap<Segment.Options>): Layer.Layer<Services, RetlError> =>
  FromConfig.layer("segment", wrapped, problems, layer)

/**
 * The schedules that a mapping can have: 15 minutes to less than 168 hours apart, days with full hours, a cron expression
 * whose firings are 15 minutes apart, or a job of dbt Cloud (`dbt-cloud`, with `accountId` and `jobId`).
 */
export const schedules: ScheduleForms = Schedules.forms

/** What a new mapping can be, for moving a sync here. Identifiers go by the action; the model has the primary key. */
export const target: Target = {
  vendor: "Segment",
  schedules,
  modes: ["events"],
  hasNames: true,
  hasCasts: false,
  hasPrimaryKey: false,
}

export type NewSync = Definitions.NewSync
export type SyncChange = Definitions.SyncChange

/** A mapping that is to be, for `Administration.create`. Pure; what is wrong with it, `create` says. */
export const definition = (input: NewSync): Definition => Definitions.definition(input)

/** What is to be different, for `Administration.update`. Pure; what is wrong with it, `update` says. */
export const change = (input: SyncChange): Change => Definitions.change(input)

/** The payload of a sync: its subscription, and its model and destination as far as they were read. */
export type Native = Parts

/** The vendor's payload of a sync, typed; `undefined` for a sync of another vendor. */
export const nativeOf = (sync: Sync): Native | undefined =>
  sync.ref.vendor === "segment" ? Option.getOrUndefined(decodeNative(sync.native)) : undefined

const decodeNative = Schema.decodeUnknownOption(Parts)
