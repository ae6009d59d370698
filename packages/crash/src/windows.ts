/** The windows of crash tests. In production they last up to minutes, and a kill would have to be waited out for so long. */
import type { Windows } from "./messages.ts"

/** The shortened windows, in milliseconds. */
export const windows: Windows = {
  runAppearsWithin: 1_000,
  writeTimeout: 2_000,
  resolveWithin: 5_000,
  journalLease: 1_000,
}

const seconds = (millis: number): string => `${millis / 1_000} s`

/** What a report says about them. */
export const windowsText = [
  `settle ${seconds(windows.runAppearsWithin)}`,
  `write time-out ${seconds(windows.writeTimeout)}`,
  `look-up ${seconds(windows.resolveWithin)}`,
  `lease ${seconds(windows.journalLease)}`,
].join(", ")
