/** All laws, in the order of SPEC.md. */
import type { Switches } from "@openretl/emulator/Switch"
import type { Law } from "./Law.ts"
import { anyBytes } from "./laws/anyBytes.ts"
import { cancel } from "./laws/cancel.ts"
import { catalog } from "./laws/catalog.ts"
import { changes } from "./laws/changes.ts"
import { configurationSwitches } from "./laws/configurationSwitches.ts"
import { hostile } from "./laws/hostile.ts"
import { hostileConfiguration } from "./laws/hostileConfiguration.ts"
import { interrupts } from "./laws/interrupts.ts"
import { limits } from "./laws/limits.ts"
import { lists } from "./laws/lists.ts"
import { lostAnswers } from "./laws/lostAnswers.ts"
import { lostChanges } from "./laws/lostChanges.ts"
import { moving } from "./laws/moving.ts"
import { newSyncs } from "./laws/newSyncs.ts"
import { overlaps } from "./laws/overlaps.ts"
import { runs } from "./laws/runs.ts"
import { schedules } from "./laws/schedules.ts"
import { oldestFirst, switchValues } from "./laws/switches.ts"
import { trigger } from "./laws/trigger.ts"
import { waiting } from "./laws/waiting.ts"
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
