/** Facts about configuring syncs. */
import type { Fact } from "@openretl/core/driver/Description"
import { migration, older, reference, scheduling, terraform } from "./sources.ts"

const syncs = "GET /api/v2/syncs"
const sync = `${syncs}/{sync}`

/** Returns the facts about configuring. */
export const configuring = (): ReadonlyArray<Fact> => [
  {
    id: "fivetran-activations/group-of-lists",
    claim: "The list of syncs has those of every group that the token reaches, and takes `group_id`.",
    confidence: "assumed",
    source: `no source; ${migration}: a group takes the place of a workspace`,
    consequence: "The option `groupId` is sent with lists of syncs. Without it, nothing is sent.",
    hasSwitch: true,
    probe: syncs,
  },
  {
    id: "fivetran-activations/destination-id",
    claim: "`destination_attributes` names its activation in `activation_id`.",
    confidence: "assumed",
    source: `${migration}: destinations are activations; ${older} has \`connection_id\``,
    consequence: "Both names are read.",
    hasSwitch: true,
    probe: sync,
  },
  {
    id: "fivetran-activations/sync-status",
    claim:
      "A sync's `status` is `ready`, `up to date` or `failing`: what became of its last run. `paused` stands beside it.",
    confidence: "assumed",
    source: `${reference}; ${older} has capital letters in samples`,
    consequence:
      "`paused` decides: the sync is `paused` or `enabled`, whatever its last run was. With a status that no document lists, it is `unknown`.",
    hasSwitch: true,
    probe: sync,
  },
  {
    id: "fivetran-activations/schedule-form",
    claim: "A sync shows its schedule in `mode`, and once more in fields of its own.",
    confidence: "assumed",
    source: `${reference} documents both; ${terraform} reads either`,
    consequence: "`mode` is read, and the fields where there is none. `mode` is sent.",
    hasSwitch: true,
    probe: sync,
  },
  {
    id: "fivetran-activations/schedules",
    claim:
      "A schedule has a frequency, as in `daily`, or a cron expression in UTC, with lists in place of ranges. An update leaves out what is to stay; a nested object that is changed replaces the whole object.",
    confidence: "documented",
    source: `${scheduling}; ${reference}`,
    consequence:
      "All frequencies are read. Expressions and `never` are sent, as the whole `mode`: that takes away every other trigger, such as jobs of other tools and other syncs. Ranges and names are sent as lists of numbers.",
    probe: sync,
  },
  {
    id: "fivetran-activations/added-mappings",
    claim:
      "Mappings come in any order, each with its `position`, and the vendor adds mappings of the type `compound_key`, which users cannot edit.",
    confidence: "seen-in-official-client",
    source: terraform,
    consequence:
      "Mappings are read in the order of their positions; those of the vendor are unread. No request changes mappings: it would have to send all of them.",
    hasSwitch: true,
    probe: sync,
  },
  {
    id: "fivetran-activations/update-answer",
    claim: "An update answers with the sync.",
    confidence: "assumed",
    source: `${terraform} decodes one`,
    consequence: "Where the answer does not show the sync, core reads it.",
    hasSwitch: true,
  },
]
