import type { Law } from "@openretl/conformance/Law"
import { Effect, Exit } from "effect"
import { describe, expect, it } from "vitest"
import { form, third } from "../../../../scripts/forms.ts"
import type { Adapter, Change } from "./adapters.ts"
import { runMutants } from "./runMutants.ts"
import { syncMutants } from "./syncMutants.ts"
import { vendorMutants } from "./vendorMutants.ts"

/** Returns the one law whose title begins so. */
const lawOf = ({ laws }: Adapter, title: string): Law => {
  const [law, ...others] = laws.filter((candidate) => candidate.title.startsWith(title))
  if (law === undefined || others.length > 0)
    throw new Error(`${others.length + (law ? 1 : 0)} laws begin so: ${title}`)
  return law
}

const all = [...runMutants, ...vendorMutants, ...syncMutants]

/** Laws that send thousands of requests: their drivers are in the long form alone. */
const slow = /^(?:the triggers, waits, reads|jobs with a workspace)/

const mutants = form(
  all.filter(({ law }) => !slow.test(law)),
  all,
)

const unchanged: Change = (driver) => driver

describe("the suite notices each driver that does one thing wrong", () => {
  it.each(third(mutants))(
    "$adapter.name: a driver that $behavior breaks: $law",
    { timeout: 60_000 },
    async ({ adapter, law: title, change }) => {
      const law = lawOf(adapter, title)
      const verdict = await Effect.runPromise(adapter.verify(unchanged, law))
      expect(verdict, "the adapter itself keeps the law").toEqual({ _tag: "Kept" })
      expect(Exit.isFailure(await Effect.runPromiseExit(adapter.verify(change, law)))).toBe(true)
    },
  )
})
