/**
 * The sections of a driver that configures syncs. Each brings core's part along, so that a program which only runs syncs
 * does not ship it, whatever it imports besides.
 */
import * as Context from "effect/Context"
import * as Administration from "../Administration.ts"
import * as Catalogue from "../Catalog.ts"
import * as Changes from "../engine/configuration/administration.ts"
import * as Reads from "../engine/configuration/catalog.ts"

/** What is configured, by what the adapter reads. */
export const catalogue = (reads: Catalogue.Reads): Catalogue.Section => ({
  ...reads,
  assemble: (base) => Context.make(Catalogue.Catalogue, Reads.make(base, reads)),
})

/** Changing it, by what the adapter writes. Needs the catalogue's section beside it. */
export const administration = (writes: Administration.Writes): Administration.Section => ({
  ...writes,
  assemble: (base, reads) => Context.make(Administration.Administration, Changes.make(base, reads, writes)),
})
