/** All laws, in the order of SPEC.md. */
import type { Switches } from "@openretl/emulator/Switch"
import type { Law } from "./Law.ts"
import { catalog } from "./laws/configuration/catalog.ts"
import { changes } from "./laws/configuration/changes.ts"
import { hostileConfiguration } from "./laws/configuration/hostileInput.ts"
import { lostChanges } from "./laws/configuration/lostChanges.ts"
import { newSyncs } from "./laws/configuration/newSyncs.ts"
import { schedules } from "./laws/configuration/schedules.ts"
import { moving } from "./laws/configuration/switchOver.ts"
import { configurationSwitches } from "./laws/configuration/switchValues.ts"
import { anyBytes } from "./laws/hostileAnswers.ts"
import { hostile } from "./laws/hostileInput.ts"
import { limits } from "./laws/limits.ts"
import { cancel } from "./laws/runs/cancel.ts"
import { lists } from "./laws/runs/lists.ts"
import { runs } from "./laws/runs/reading.ts"
import { waiting } from "./laws/runs/waiting.ts"
import { oldestFirst, switchValues } from "./laws/switchValues.ts"
import { interrupts } from "./laws/triggers/interrupts.ts"
import { lostAnswers } from "./laws/triggers/lostAnswers.ts"
import { overlaps } from "./laws/triggers/overlaps.ts"
import { trigger } from "./laws/triggers/trigger.ts"
import { workspaces } from "./laws/workspaces.ts"

/** The laws for a vendor with these open questions. */
export const of = (switches: Switches = {}): ReadonlyArray<Law> => [
  ...trigger,
  ...lostAnswers,
  ...interrupts,
  ...oldestFirst(switches),
  ...runs,
  ...waiting,
  ...lists,
  ...cancel,
  ...catalog,
  ...lostChanges,
  ...newSyncs,
  ...changes,
  ...schedules,
  ...moving,
  ...overlaps(switches),
  ...limits,
  ...hostile,
  ...anyBytes,
  ...hostileConfiguration,
  ...workspaces,
  ...switchValues(switches),
  ...configurationSwitches(switches),
]
