import { expect, it } from "vitest"
import { lawsIn } from "../spec/laws.ts"

it("a law may have several lines, and is in force or later", () => {
  const spec =
    "# Laws\n\n- **T1** (in force) A trigger\n  ends.\n- **T10** (later) With a key.\n\nProse about **T1**.\n"
  expect(lawsIn(spec)).toEqual([
    { id: "T1", inForce: true, claim: "A trigger ends." },
    { id: "T10", inForce: false, claim: "With a key." },
  ])
})
