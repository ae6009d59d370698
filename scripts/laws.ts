/**
 * Proves of the tests that have just run that each law of the conformance suite held at one adapter at least: none was left out
 * of the short form everywhere, and none skipped itself wherever it ran. Variants of a law by the values of switches count as one.
 */
import * as Laws from "../packages/conformance/src/Laws.ts"
import { HightouchSwitches } from "../packages/emulator/src/HightouchSwitches.ts"
import { RudderStackSwitches } from "../packages/emulator/src/RudderStackSwitches.ts"
import { SegmentSwitches } from "../packages/emulator/src/SegmentSwitches.ts"
import type { Switches } from "../packages/emulator/src/Switch.ts"
import { ZeotapSwitches } from "../packages/emulator/src/ZeotapSwitches.ts"
import { passedIn } from "./check/tests.ts"
import { conclude } from "./verdict.ts"

/** Laws that no vendor here lets an adapter show, by how their titles begin, each with the test that shows it instead. */
const elsewhere = {
  // No vendor here takes a trigger and skips its run.
  "T15: a run that the vendor took and skipped is over, ": "packages/core/test/skipped.test.ts",
} as const

/** Returns a title without the values of switches. */
const claimOf = (title: string): string => title.replace(/ (?:\((?:lists: )?\w+=.*\)|with \w+=.*)$/, "")

const claimsOf = (switches: Switches): ReadonlyArray<string> =>
  Laws.of(switches).map(({ ids, title }) => claimOf(`${ids}: ${title}`))

const claims = new Set([
  ...claimsOf(HightouchSwitches),
  ...claimsOf(RudderStackSwitches),
  ...claimsOf(SegmentSwitches),
  ...claimsOf(ZeotapSwitches),
])
const kept = new Set(passedIn(/packages\/\w+\/test\/conformance\.test\.ts$/).map(claimOf))

conclude(
  [
    ...[...claims]
      .filter((claim) => !kept.has(claim) && !Object.keys(elsewhere).some((start) => claim.startsWith(start)))
      .map((claim) => `${claim}: no adapter showed it; see partOf in scripts/forms.ts`),
    ...Object.keys(elsewhere)
      .filter((start) => [...kept].some((claim) => claim.startsWith(start)))
      .map((start) => `${start}: an adapter shows it; scripts/laws.ts says that none does`),
  ],
  `${kept.size} laws of the suite, each shown by an adapter at least`,
)
