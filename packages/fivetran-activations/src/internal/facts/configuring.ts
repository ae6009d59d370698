/** Facts about configuring syncs. */
import type { Fact } from "@openretl/core/driver/Description"
import { migration, older, reference, scheduling, terraform, terraformV2 } from "./sources.ts"

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
    consequence: "Both names are read. A create sends what its definition has.",
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
    id: "fivetran-activations/nested-objects",
    claim: "An update leaves out what is to stay; a nested object that is changed replaces the whole object.",
    confidence: "documented",
    source: reference,
    consequence:
      "The adapter sends only the fields to change. A schedule is sent as the whole `mode`, and takes away every other trigger: jobs of other tools, and other syncs.",
    probe: sync,
  },
  {
    id: "fivetran-activations/cron",
    claim: "A schedule has a frequency, as in `daily`, or a cron expression in UTC, with lists in place of ranges.",
    confidence: "documented",
    source: scheduling,
    consequence: "All frequencies are read. Expressions and `never` are sent; ranges and names as lists of numbers.",
    probe: sync,
  },
  {
    id: "fivetran-activations/added-mappings",
    claim:
      "Mappings come in any order, each with its `position`, and the vendor adds mappings of the type `compound_key`.",
    confidence: "seen-in-official-client",
    source: terraform,
    consequence: "Mappings are compared without their order, and without those of the vendor.",
    hasSwitch: true,
    probe: sync,
  },
  {
    id: "fivetran-activations/create-fields",
    claim:
      "A create takes operation, source, destination and mappings in the words of the first version, with `paused` and `mode`.",
    confidence: "assumed",
    source: `${older}, and ${terraform} for V1; no page of V2 was read whole`,
    consequence:
      "One request creates a sync as it is to be: paused and manual unless the definition says otherwise. A refusal is `InvalidRequest`. A create whose answer was lost is found by its label, source, destination and operation.",
    probe: syncs,
  },
  {
    id: "fivetran-activations/create-answer",
    claim: "A create answers with the sync.",
    confidence: "assumed",
    source: `${terraformV2} decodes whole objects, of other kinds; ${older} has the id alone, for V1`,
    consequence: "An id alone and an empty answer are read too: core then reads the new sync, or finds it in the list.",
    hasSwitch: true,
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
