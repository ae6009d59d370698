import { expect, it } from "vitest"
import { citationsIn } from "../spec/citations.ts"

const idsIn = (code: string) => citationsIn("a.test.ts", code).map(({ ids, title }) => [ids.join(" "), title])

it.each([
  ['it("T4: a lost answer", () => {})', "T4", "a lost answer"],
  ["it.effect('T4, T8: an interrupt', () => e)", "T4 T8", "an interrupt"],
  ["it.effect(\n  `W1: a deadline`,\n  () => e)", "W1", "a deadline"],
  ['it.effect.prop("H5: any bytes", [bytes], f)', "H5", "any bytes"],
  ['it.each(rows)("R5: $word", f)', "R5", "$word"],
  ['describe("[H1] ids", () => {})', "H1", "ids"],
  ['law("T4", "there is no second run", {}, f)', "T4", "there is no second run"],
  ['law("T4 and R1", `a run that ended`, {}, f)', "T4 R1", "a run that ended"],
])("a title begins with the ids that it cites: %s", (code, ids, title) => {
  expect(idsIn(code)).toEqual([[ids, title]])
})

it.each([
  'it("a lost answer, see T4", f)',
  'it("T4 is in the middle of a sentence", f)',
  'const note = "T4: not a title"',
  'label("T4: not a test")',
])("a string that is not a title cites nothing: %s", (code) => {
  expect(idsIn(code)).toEqual([])
})

it("a citation has its line", () => {
  expect(citationsIn("a.test.ts", '\n\nit("T1: x", f)').map(({ line }) => line)).toEqual([3])
})
