/** Facts about sources and previews. */
import type { Fact } from "@openretl/core/driver/Description"
import { handlerGo, previewGo, sourcesGo } from "./citations.ts"

const list = "GET /v2/retl-sources"

export const sources = (): ReadonlyArray<Fact> => [
  {
    id: "rudderstack/source-list-whole",
    claim: "The list of sources has no pages.",
    confidence: "seen-in-official-client",
    source: sourcesGo,
    consequence: "One request reads it, within the size limit of one answer.",
    probe: list,
  },
  {
    id: "rudderstack/source-list-config",
    claim: "The list of sources shows their `config`.",
    confidence: "assumed",
    source: `${sourcesGo}, whose fixtures show some without`,
    consequence: "Where `config` is missing, the source is read by itself.",
    hasSwitch: true,
    probe: list,
  },
  {
    id: "rudderstack/source-config",
    claim:
      "`config` is a query with its primary key, a table with schema and primary key, or, for s3, a bucket and a prefix.",
    confidence: "seen-in-official-client",
    source: sourcesGo,
    consequence: "A request holds the one that belongs to the type of the source. In answers other fields are kept.",
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
    claim: "The answer to the delete of a source that a connection uses is 400.",
    confidence: "seen-in-official-client",
    source: handlerGo,
    consequence: "The delete fails with `InvalidRequest`, with the vendor's text.",
  },
  {
    id: "rudderstack/preview-statuses",
    claim: "A preview is pending, completed with rows, or failed with an error.",
    confidence: "seen-in-official-client",
    source: previewGo,
    consequence: "Another word is shown unchanged.",
  },
]
