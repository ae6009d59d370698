import * as Laws from "@openretl/conformance/Laws"
import { verify } from "@openretl/conformance/Verify"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, it } from "vitest"
import { example, harnessOf } from "./harborText.ts"
import { mistakes } from "./mistakes.ts"

/** Checks the one law whose title begins so. */
const check = (source: string, title: string) => {
  const [law, ...others] = Laws.of().filter((candidate) => candidate.title.startsWith(title))
  if (law === undefined || others.length > 0) throw new Error(`${others.length} more laws begin so: ${title}`)
  return Effect.runPromiseExit(Effect.provide(verify(harnessOf(source), law), TestClock.layer()))
}

const firstLines = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).split("\n").slice(0, 10).join("\n")

describe("the message of the law that fails names the mistake of an adapter that", () => {
  it.each(mistakes)("$does", { timeout: 60_000 }, async ({ from, to, law, says }) => {
    expect(example.split(from), "the example has this text once").toHaveLength(2)
    const end = await check(
      example.replace(from, () => to),
      law,
    )
    const message = Exit.isFailure(end) ? firstLines(Cause.squash(end.cause)) : expect.fail("the law is kept")
    for (const words of says) expect(message).toContain(words)
  })

  it.each([...new Set(mistakes.map(({ law }) => law))])("does none of them, under the law: %s", async (law) => {
    const end = await check(example, law)
    expect(Exit.isSuccess(end) && end.value).toEqual({ _tag: "Kept" })
  })
})
