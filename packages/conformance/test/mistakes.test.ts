import { readFileSync } from "node:fs"
import { stripTypeScriptTypes } from "node:module"
import * as Laws from "@openretl/conformance/Laws"
import { verify } from "@openretl/conformance/Verify"
import * as Adapter from "@openretl/core/driver/Adapter"
import * as CoreOptions from "@openretl/core/driver/Options"
import * as VendorClient from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import * as Reason from "@openretl/core/Reason"
import * as Ref from "@openretl/core/Ref"
import * as Run from "@openretl/core/Run"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, it } from "vitest"
import type * as Harbor from "../example/harbor.ts"
import * as HarborEmulator from "../example/harborEmulator.ts"
import { mistakes } from "./mistakes.ts"

const example = readFileSync(new URL("../example/harbor.ts", import.meta.url), "utf8")

const modules: Readonly<Record<string, unknown>> = {
  "@openretl/core/driver/Adapter": Adapter,
  "@openretl/core/driver/Options": CoreOptions,
  "@openretl/core/driver/VendorClient": VendorClient,
  "@openretl/core/driver/Wire": Wire,
  "@openretl/core/Reason": Reason,
  "@openretl/core/Ref": Ref,
  "@openretl/core/Run": Run,
  "effect/Effect": Effect,
  "effect/Schema": Schema,
}

/** Returns the module of a text like the example's. */
const load = (source: string): Pick<typeof Harbor, "workspace" | "syncRef"> => {
  const script = stripTypeScriptTypes(source.replaceAll(/\btype (?=\w+[, ])(?=[^=]*\} from)/g, ""))
    .replaceAll(/^import \* as (\w+) from ("[^"]+")$/gm, "const $1 = modules[$2]")
    .replaceAll(/^import (\{[^}]+\}) from ("[^"]+")$/gm, "const $1 = modules[$2]")
    .replaceAll(/^export (?=const )/gm, "")
  return new Function("modules", `${script}\nreturn { workspace, syncRef }`)(modules) as Pick<
    typeof Harbor,
    "workspace" | "syncRef"
  >
}

/** Checks the one law whose title begins so. */
const check = (source: string, title: string) => {
  const { workspace, syncRef } = load(source)
  const [law, ...others] = Laws.of().filter((candidate) => candidate.title.startsWith(title))
  if (law === undefined || others.length > 0) throw new Error(`${others.length} more laws begin so: ${title}`)
  const harness = {
    name: "Harbor",
    emulator: HarborEmulator.make,
    workspace: (_: unknown, options: Harbor.Options) => workspace(options),
    sync: (name: string, { sync = "" }) => syncRef(name, { sync }),
  }
  return Effect.runPromiseExit(Effect.provide(verify(harness, law), TestClock.layer()))
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
