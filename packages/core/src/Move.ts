/**
 * Moving a sync from one vendor to another:
 *
 * 1. `report` says what of a sync the other vendor can express.
 * 2. `Creation.create` creates the sync there, disabled.
 * 3. `sideBySide` compares the rows of a run of each.
 * 4. `switchOver` switches one sync off and the other on. With the two exchanged, it leads back.
 */
export { Item, Report, report, type Target } from "./move/report.ts"
export { type Switched, SwitchOptions, SwitchOverFailed } from "./move/SwitchOverFailed.ts"
export { type Comparison, sideBySide } from "./move/sideBySide.ts"
export { type Fleet, switchOver } from "./move/switchOver.ts"
