/**
 * Proves of the tests that have just run that each law of the conformance suite was shown at one adapter at least: none was left out
 * of the short form everywhere, and none skipped itself wherever it ran. Variants of a law by the values of switches count as one.
 */
import * as Laws from "../packages/conformance/src/Laws.ts"
import { FivetranActivationsSwitches } from "../packages/emulator/src/FivetranActivationsSwitches.ts"
import { HightouchSwitches } from "../packages/emulator/src/HightouchSwitches.ts"
import { PolytomicSwitches } from "../packages/emulator/src/PolytomicSwitches.ts"
import { RudderStackSwitches } from "../packages/emulator/src/RudderStackSwitches.ts"
import { SegmentSwitches } from "../packages/emulator/src/SegmentSwitches.ts"
import type { Switches } from "../packages/emulator/src/Switch.ts"
import { ZeotapSwitches } from "../packages/emulator/src/ZeotapSwitches.ts"
import { passedIn } from "./check/tests.ts"
import { conclude } from "./verdict.ts"

/** Returns a title without the values of switches. */
const claimOf = (title: string): string => title.replace(/ (?:\(lists: .*\)|\(\w+=.*\)|with \w+=.*)$/, "")

const claimsOf = (switches: Switches): ReadonlyArray<string> =>
  Laws.of(switches).map(({ ids, title }) => claimOf(`${ids}: ${title}`))

const claims = new Set([
  ...claimsOf(FivetranActivationsSwitches),
  ...claimsOf(PolytomicSwitches),
  ...claimsOf(HightouchSwitches),
  ...claimsOf(RudderStackSwitches),
  ...claimsOf(SegmentSwitches),
  ...claimsOf(ZeotapSwitches),
])
const kept = new Set(passedIn(/packages\/[\w-]+\/test\/conformance\.test\.ts$/).map(claimOf))

conclude(
  [...claims]
    .filter((claim) => !kept.has(claim))
    .map((claim) => `${claim}: no adapter showed it; see partOf in scripts/forms.ts`),
  `${kept.size} laws of the suite, each shown by an adapter at least`,
)
