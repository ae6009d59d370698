/**
 * The sections of a driver that configures syncs. Each brings core's part along, so that a program which only runs syncs
 * does not ship it, whatever it imports besides.
 */
import * as Context from "effect/Context"
import * as Administration from "../Administration.ts"
import * as Catalog from "../Catalog.ts"
import * as Changes from "../engine/configuration/administration.ts"
import * as Reads from "../engine/configuration/catalog.ts"

/** What is configured, by what the adapter reads. */
export const catalog = (reads: Catalog.Reads): Catalog.Section => ({
  ...reads,
  assemble: (context) => Context.make(Catalog.Catalog, Reads.make(context, reads)),
})

/** Changing it, by what the adapter writes. Needs the catalog's section beside it. */
export const administration = (writes: Administration.Writes): Administration.Section => ({
  ...writes,
  assemble: (context, reads) => Context.make(Administration.Administration, Changes.make(context, reads, writes)),
})
