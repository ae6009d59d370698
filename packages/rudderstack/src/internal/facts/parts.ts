/** Facts about sources and previews. */
import type { Fact } from "@openretl/core/driver/Description"
import { handlerGo, previewGo, sourcesGo } from "./sources.ts"

const list = "GET /v2/retl-sources"

export const parts = (): ReadonlyArray<Fact> => [
  {
    id: "rudderstack/source-list-whole",
    claim: "The list of sources has no pages.",
    confidence: "seen-in-official-client",
    source: sourcesGo,
    consequence: "It is read at once, within the bound of one answer.",
    probe: list,
  },
  {
    id: "rudderstack/source-list-config",
    claim: "The list of sources has their `config`.",
    confidence: "assumed",
    source: `${sourcesGo}, whose fixtures show some without`,
    consequence: "It may be missing; one source by itself has it.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "rudderstack/source-config",
    claim:
      "`config` is a query with its primary key, a table with schema and primary key, or, of s3, a bucket and a prefix.",
    confidence: "seen-in-official-client",
    source: sourcesGo,
    consequence: "One of the three is sent, the one of the source's type; in answers other fields are kept.",
    probe: list,
  },
  {
    id: "rudderstack/source-update-whole",
    claim: "An update of a source holds name, config, account and `enabled`.",
    confidence: "seen-in-official-client",
    source: `${sourcesGo}, which always sends all`,
    consequence: "All four are required.",
  },
  {
    id: "rudderstack/source-in-use",
    claim: "A source that a connection uses is not deleted: 400.",
    confidence: "seen-in-official-client",
    source: handlerGo,
    consequence: "It is `InvalidRequest`, with the vendor's text.",
  },
  {
    id: "rudderstack/preview-statuses",
    claim: "A preview is pending, completed with rows, or failed with an error.",
    confidence: "seen-in-official-client",
    source: previewGo,
    consequence: "Another word is shown as it is.",
  },
]
