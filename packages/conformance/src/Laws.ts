/** All laws, in the order of SPEC.md. */
import type { Switches } from "@openretl/emulator/Switch"
import type { Law } from "./Law.ts"
import { catalogLaws } from "./laws/configuration/catalog.ts"
import { changeLaws } from "./laws/configuration/changes.ts"
import { syncFieldLaws } from "./laws/configuration/fields.ts"
import { hostileConfigurationLaws } from "./laws/configuration/hostileInput.ts"
import { hostileValueLaws } from "./laws/configuration/hostileValues.ts"
import { laggingChangeLaws } from "./laws/configuration/laggingChanges.ts"
import { lostChangeLaws } from "./laws/configuration/lostChanges.ts"
import { newSyncLaws } from "./laws/configuration/newSyncs.ts"
import { scheduleLaws } from "./laws/configuration/schedules.ts"
import { switchOverLaws } from "./laws/configuration/switchOver.ts"
import { configurationSwitchLaws } from "./laws/configuration/switchValues.ts"
import { contactLaws } from "./laws/contact.ts"
import { hostileAnswerLaws } from "./laws/hostileAnswers.ts"
import { hostileInputLaws } from "./laws/hostileInput.ts"
import { limitLaws } from "./laws/limits.ts"
import { cancelLaws } from "./laws/runs/cancel.ts"
import { fieldLaws } from "./laws/runs/fields.ts"
import { freshnessLaws } from "./laws/runs/freshness.ts"
import { listLaws } from "./laws/runs/lists.ts"
import { readingLaws } from "./laws/runs/reading.ts"
import { waitingLaws } from "./laws/runs/waiting.ts"
import { switchValueLaws } from "./laws/switchValues.ts"
import { telemetryLaws } from "./laws/telemetry.ts"
import { ambiguousLaws } from "./laws/triggers/ambiguous.ts"
import { endingLaws } from "./laws/triggers/endings.ts"
import { ensureLaws } from "./laws/triggers/ensure.ts"
import { interruptLaws } from "./laws/triggers/interrupts.ts"
import { keyedTriggerLaws } from "./laws/triggers/keyedTriggers.ts"
import { keyLaws } from "./laws/triggers/keys.ts"
import { longListLaws, vanishingLaws } from "./laws/triggers/longLists.ts"
import { lostAnswerLaws } from "./laws/triggers/lostAnswers.ts"
import { oddAnswerLaws } from "./laws/triggers/oddAnswers.ts"
import { overlapLaws } from "./laws/triggers/overlaps.ts"
import { refusalLaws } from "./laws/triggers/refusals.ts"
import { triggerLaws } from "./laws/triggers/trigger.ts"
import { workspaceLaws } from "./laws/workspaces.ts"

/**
 * Returns the laws for a vendor whose open questions are these switches, those of contact first.
 * @default no open questions
 */
export const of = (switches: Switches = {}): ReadonlyArray<Law> => [
  ...contactLaws,
  ...triggerLaws,
  ...refusalLaws,
  ...lostAnswerLaws,
  ...interruptLaws,
  ...keyLaws,
  ...keyedTriggerLaws,
  ...ensureLaws,
  ...endingLaws,
  ...ambiguousLaws,
  ...oddAnswerLaws,
  ...longListLaws(switches),
  ...vanishingLaws(switches),
  ...readingLaws,
  ...fieldLaws,
  ...waitingLaws,
  ...freshnessLaws,
  ...listLaws,
  ...cancelLaws,
  ...catalogLaws,
  ...syncFieldLaws,
  ...lostChangeLaws,
  ...laggingChangeLaws,
  ...newSyncLaws,
  ...changeLaws,
  ...scheduleLaws,
  ...switchOverLaws,
  ...overlapLaws(switches),
  ...limitLaws,
  ...hostileInputLaws,
  ...hostileAnswerLaws,
  ...hostileConfigurationLaws,
  ...hostileValueLaws,
  ...workspaceLaws,
  ...telemetryLaws,
  ...switchValueLaws(switches),
  ...configurationSwitchLaws(switches),
]
