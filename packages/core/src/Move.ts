/**
 * Moving a sync from one vendor to another: what comes along and what does not, how the runs of both compare, and the
 * switch from one to the other and back.
 *
 *     report      what of a sync the other vendor can express
 *     (create it there with `Creation.create`: it starts disabled)
 *     sideBySide  the rows of a run here and a run there
 *     switchOver  one off, the other on; with the two exchanged, it is the way back
 */
export { Item, Report, report, type Target } from "./move/report.ts"
export { type Comparison, sideBySide } from "./move/sideBySide.ts"
export { type Fleet, type Switched, SwitchOptions, SwitchOverFailed, switchOver } from "./move/switchOver.ts"
