/** Facts about configuring syncs. */
import type { Fact } from "@openretl/core/driver/Description"
import { app, openapi } from "./sources.ts"

const syncs = "GET /api/v1/syncs"
const sync = `${syncs}/{sync}`

/** Returns the facts about configuring. */
export const configuring = (): ReadonlyArray<Fact> => [
  {
    id: "hightouch/no-names",
    claim: "A sync has no name; its slug is the word for it.",
    confidence: "documented",
    source: openapi,
    consequence: "A sync of the catalog has no `name`. `nativeOf(sync)` has its `slug`.",
    probe: sync,
  },
  {
    id: "hightouch/disabled-status",
    claim:
      "A sync that a user has disabled has the `status` `disabled`; another one that of its last run, or `pending`.",
    confidence: "assumed",
    source: `${openapi} documents \`disabled\` and \`lastRunAt\`, and lists the words of \`status\` without their meaning`,
    consequence:
      "`disabled` decides: the sync is `paused` or `enabled`, whatever its last run was. With a status that no document lists, it is `unknown`. `lastRunAt` is not read as a success.",
    hasSwitch: true,
    probe: sync,
  },
  {
    id: "hightouch/configuration",
    claim: "The form of `configuration`, with mode and mapping, depends on the destination, and may change.",
    confidence: "documented",
    source: `${openapi}: "Consumers should NOT make assumptions on the contents"`,
    consequence: "It is shown and sent as it is: a sync of the catalog has no mode and no mapping.",
    probe: sync,
  },
  {
    id: "hightouch/update-keeps-the-rest",
    claim: "A field that an update leaves out stays as it is, and a configuration replaces the whole configuration.",
    confidence: "assumed",
    source: `${openapi}: all fields of a PATCH are optional; the sample sends a whole configuration`,
    consequence:
      "The adapter sends only the fields to change. Core reads the sync afterwards, and reports what it does not show.",
    probe: sync,
  },
  {
    id: "hightouch/schedule-types",
    claim: "The `type` of a schedule is `interval` or `cron`, beside others.",
    confidence: "assumed",
    source: `${openapi} has a sample of \`interval\` alone; ${app} and the vendor's files in YAML name the others`,
    consequence:
      "A schedule is read by its form, whatever its type. The adapter sends these two; a refusal is `InvalidRequest`.",
    hasSwitch: true,
    probe: sync,
  },
  {
    id: "hightouch/schedule-forms",
    claim:
      "A schedule is null, an interval of minutes, hours, days or weeks, a cron expression, a visual one, or a job of dbt.",
    confidence: "documented",
    source: openapi,
    consequence:
      "Intervals, expressions and jobs are read; a visual one is in `unreadSchedule`. Intervals of whole minutes, expressions and null are sent.",
    probe: sync,
  },
  {
    id: "hightouch/cron-time-zone",
    claim: "A cron expression is read in UTC.",
    confidence: "assumed",
    source: "no source",
    consequence:
      "A schedule that is read has no time zone. Core refuses a schedule in another zone than UTC before it is sent, since the API cannot store it.",
    probe: sync,
  },
  {
    id: "hightouch/create-fields",
    claim:
      "A create requires slug, model, destination, configuration, schedule and `disabled`. It answers with the sync, or with a 409.",
    confidence: "documented",
    source: openapi,
    consequence:
      "One request creates a sync as it is to be: disabled and manual unless the definition says otherwise. Ids are sent as numbers, as the schema has them; the sample has texts. A 409 is `Conflict`: most likely another sync has the slug, which the documents do not say. A create whose answer was lost is found by its slug, model and destination.",
    probe: syncs,
  },
  {
    id: "hightouch/no-delete",
    claim: "A sync cannot be deleted through the API.",
    confidence: "documented",
    source: `${openapi}, by its silence`,
    consequence: "The layer has no `Deletion`: a program that deletes does not compile with it.",
  },
]
