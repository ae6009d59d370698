/** How errors print: in each way, with their code, what to do and the refs, and without what may hold a row. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { format, inspect } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { runtimes } from "@openretl/test-runtimes/TestRuntimes"
import { Cause, Schema } from "effect"
import { buildSync } from "esbuild"
import { Run } from "../src/model/Run.ts"
import { inJest, inPino, inSentry, inVitest } from "./loggers.ts"
import { address, changed, errors, failure, phone, run } from "./printed.ts"

/** Holds a print to what it must show of an error, and to what it must not. */
const holds = (text: string, { code, guidance, refs }: (typeof errors)[number]) => {
  const plain = text.replaceAll('\\"', '"')
  for (const shown of [code, guidance, ...Object.values(refs)]) if (shown !== undefined) expect(plain).toContain(shown)
  for (const echoed of [address, "ada.lovelace", phone]) expect(plain).not.toContain(echoed)
}

const folder = mkdtempSync(join(tmpdir(), "openretl-prints-"))
afterAll(() => rmSync(folder, { recursive: true }))

/** A program that prints each error, or throws one, in one file. */
const bundle = join(folder, "prints.mjs")
beforeAll(() => {
  buildSync({
    entryPoints: [join(import.meta.dirname, "printsProgram.ts")],
    outfile: bundle,
    bundle: true,
    format: "esm",
    platform: "node",
  })
})

const prints = {
  "inspect, as console does": (error: Error) => inspect(error),
  "inspect of an object that has it": (error: Error) => inspect({ error }, { depth: 5 }),
  "format, as console does": (error: Error) => format("%s", error),
  String,
  "JSON.stringify": (error: Error) => JSON.stringify({ error }, undefined, 2),
  message: (error: Error) => error.message,
  stack: (error: Error) => (error.stack ?? "").replace(/\n +at .*/g, ""),
  "Cause.pretty": (error: Error) => Cause.pretty(Cause.fail(error)).replace(/\n +at .*/g, ""),
  pino: inPino,
  Sentry: inSentry,
  Jest: inJest,
  vitest: inVitest,
} satisfies Record<string, (error: Error) => string | Promise<string>>

describe.each(Object.entries(prints))("%s", (way, print) => {
  it("H2: shows the code of each error, what to do, and its refs, and nothing that may hold a row", async () => {
    const texts: Array<string> = []
    for (const error of errors) {
      const text = await print(error)
      holds(text, error)
      if (way !== "message") expect(text).toContain(error.name)
      texts.push(text)
    }
    await expect(`${texts.join("\n\n")}\n`).toMatchFileSnapshot(`./golden/errors/${way}.txt`)
  })
})

describe.each(runtimes())("$name", ({ name, command }) => {
  const [program, ...options] = command
  const run = (...args: ReadonlyArray<string>) =>
    spawnSync(program, [...options, bundle, ...args], { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } })

  it("H2: shows what it prints of each error", async () => {
    const { stdout, stderr } = run()
    const shown = stderr.split("\n----\n")
    expect(shown).toHaveLength(errors.length)
    for (const [index, error] of errors.entries()) holds(shown[index] ?? "", error)
    expect(stdout).toBe("")
    await expect(stderr).toMatchFileSnapshot(`./golden/errors/${name}.txt`)
  })

  it("H2: an error that nothing catches", () => {
    const { status, stderr } = run("throw")
    expect(status).toBe(1)
    holds(stderr, failure)
  })
})

describe("prints", () => {
  it("H2: a run shows neither its payload nor its error text, and has both for who asks", () => {
    for (const text of [inspect(run), inspect({ run }, { depth: 9 }), JSON.stringify(run), String(run)]) {
      expect(text).toContain("run-123456789012")
      expect(text).not.toMatch(/lastRow|ada\.lovelace/)
    }
    expect([run.errorText, run.native]).toEqual([
      `${address} is no valid address`,
      { lastRow: { email: address, phone } },
    ])
    const back = Schema.decodeUnknownSync(Schema.toCodecJson(Run))(
      JSON.parse(JSON.stringify(Schema.encodeSync(Schema.toCodecJson(Run))(run))),
    )
    expect(back).toEqual(run)
  })

  it("H2: a sync does not show its payload, an error's evidence its text in full, and both have it for who asks", () => {
    for (const text of [inspect(changed), JSON.stringify(changed)]) expect(text).not.toContain(address)
    expect(changed.native).toEqual({ owner: address })
    for (const text of [inspect(failure.evidence), JSON.stringify(failure.evidence)])
      expect(text).not.toContain(address)
    expect(failure.evidence.text).toContain(address)
    expect(failure.with({ attempts: 3 }).evidence).toEqual(failure.evidence)
  })

  it("an error of the look before a trigger says so", () => {
    expect(failure.summary).toBe(
      "fake (crm) start of model m-1, subscription s-1, while looking at the runs before the trigger: NotFound after 2 attempts, not-sent: HTTP 404: NO_SYNC: no such sync: no sync of <[address]>, [number]",
    )
  })
})
