/** How errors print: in each way, with their code, what to do and the refs, and without what may hold a row. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { format, inspect } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import { runtimes } from "@openretl/test-runtimes/TestRuntimes"
import { Cause, Effect, Schema } from "effect"
import { buildSync } from "esbuild"
import * as Reason from "../src/model/Reason.ts"
import { RetlError } from "../src/model/RetlError.ts"
import { Run } from "../src/model/Run.ts"
import { masked } from "../src/model/shown.ts"
import { OutcomeRejected } from "../src/model/Wait.ts"
import { inJest, inPino, inSentry, inVitest } from "./loggers.ts"
import { address, changed, errors, failure, phone, run } from "./printed.ts"
import { answer, make, start } from "./support/acmeClient.ts"

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
    for (const text of [inspect(changed), JSON.stringify(changed), String(changed)]) expect(text).not.toContain(address)
    expect(String(changed)).toBe(`${changed.ref} paused`)
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

  it.effect("H2: what a vendor says about the fields of a refused request is masked, too, and shown once", () =>
    Effect.gen(function* () {
      const text = `user <${address}> has no field, call ${phone}`
      const reason = new Reason.InvalidRequest({ issues: [{ path: [address], message: text }] })
      const classify = () => ({ reason, isVendorsForm: true, code: `NO_${address}`, text })
      const { client } = yield* make(() => Effect.succeed(answer(400, "{}")), { classify })
      const error = yield* Effect.flip(client.call(start))
      for (const shown of [inspect(error), inspect(error, { customInspect: false, depth: 9 }), JSON.stringify(error)])
        expect(shown).not.toMatch(/lovelace|1632/)
      expect(error.evidence.text).toBe(text)
      expect(error.reason).toMatchObject({
        issues: [{ path: ["[address]"], message: "user <[address]> has no field, call [number]" }],
      })
      const twice = new RetlError({
        ...error,
        reason: new Reason.InvalidRequest({ issues: [{ path: [], message: "no such field" }] }),
        evidence: { status: 400, text: "no such field" },
      })
      expect(twice.summary).toMatch(/: HTTP 400: no such field$/)
    }),
  )

  it("H2: a code in which the vendor echoes an address", () => {
    const echoing = new Run({ ...run, errorCode: `BOUNCED ${address}` })
    const error = new OutcomeRejected({ run: echoing, verdict: "failed" })
    for (const text of [inspect(echoing), JSON.stringify(echoing), inspect(error), JSON.stringify(error)]) {
      expect(text).toContain("BOUNCED [address]")
      expect(text).not.toContain("lovelace")
    }
    expect(echoing.errorCode).toBe(`BOUNCED ${address}`)
  })
})

describe("masked", () => {
  it.each([
    ["ada+x@ex-ample.co.uk", "[address]"],
    ["ada%40example.com", "[address]"],
    ["ada%2540example.com", "[address]"],
    ["ada&#64;example.com or ada&#x40;example.com", "[address] or [address]"],
    ["ada\\u0040example.com", "[address]"],
    [`{"email":"ada@example.com"} (e)=(ada@example.com)`, `{"email":"[address]"} (e)=([address])`],
    ["call 00441632960961", "call [number]"],
    ["call +44 1632 960961, +1-555-123-4567, (555) 123-4567", "call [number], [number], [number]"],
    ["card 4111 1111 1111 1111, SSN 123-45-6789", "card [number], SSN [number]"],
  ])("H2: %s", (text, shown) => {
    expect(masked(text)).toBe(shown)
  })

  it("leaves what is no address and no long number", () => {
    for (const text of [
      "HTTP 404 @ 2026-11-27T08:00:00.123Z",
      "2026-11-27 08:00:00 and 2026-11-27 09:00:00",
      "@types/node",
      "row 12345678 of 12345678",
      "192.168.100.200:443",
      "sync 550e8400-e29b-41d4-a716-4466a5440a00",
    ])
      expect(masked(text)).toBe(text)
  })

  it("takes time in proportion to the text", () => {
    const began = performance.now()
    for (const part of ["a", "%4", "1", "a@", "%40", "1 ", "&#"]) masked(part.repeat(100_000))
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})
