import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as ControlClient from "@openretl/emulator/ControlClient"
import { Effect, Result } from "effect"
import { adapterFolders } from "../../../scripts/adapters.ts"
import { parse } from "../src/internal/command/options.ts"
import { runCommand, startCommand } from "./command.ts"

const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "openretl-emulator-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true })),
)

const problems = (...args: ReadonlyArray<string>) => {
  const parsed = parse(args)
  return Result.isFailure(parsed) ? parsed.failure : []
}

const withOptions = (vendor: string, options: unknown) => [vendor, "--options", JSON.stringify(options)]

describe("openretl-emulator", () => {
  it.live("serves an emulator with its syncs and its control API, until its standard input ends", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "options.json")
      const syncs = [{ name: "orders" }, { name: "leads", state: "paused" }]
      writeFileSync(file, JSON.stringify({ syncs, token: "t-1" }))
      const served = yield* startCommand(["segment", "--options", `@${file}`, "--end-with-stdin"])
      expect(served).toMatchObject({ vendor: "segment", token: "t-1", control: `${served.url}/__emulator` })
      const client = yield* ControlClient.make({ url: served.url })
      expect(yield* client.syncs).toMatchObject(syncs)
      yield* client.reset
      expect((yield* client.syncs).map(({ ids }) => ids)).toEqual(served.syncs)
      expect(yield* client.info).toMatchObject({ url: served.url, token: "t-1", workspace: served.workspace })

      const second = yield* runCommand(["zeotap", "--port", new URL(served.url).port])
      expect(second).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/^listen EADDRINUSE.*\n$/) })
      served.child.stdin.end()
      expect(yield* Effect.promise(() => once(served.child, "exit"))).toEqual([0, null])
    }).pipe(Effect.scoped),
  )

  it.live("prints every problem of its arguments, and how it is used", () =>
    Effect.gen(function* () {
      const wrong = yield* runCommand(["segment", "twice", "--port", "99999"])
      expect(wrong).toMatchObject({ code: 2, stdout: "" })
      expect(wrong.stderr).toMatch(
        /^Expected one or several of .*, not twice\n--port: Expected a number from 0 to 65535\n\nopenretl-emulator </,
      )
    }),
  )

  it.each(adapterFolders)("has an emulator of %s, the vendor of an adapter", (vendor) => {
    expect(problems(vendor)).toEqual([])
  })

  it.effect.each([
    ["segment", { region: "eu", switches: { overlap: "409" } }],
    ["rudderstack", { region: "eu", limits: [], readLag: { min: 0, max: "1 second" } }],
    ["zeotap", { workspaceId: "w-1", plan: { ends: "never" }, latency: 10, stopTakes: "1 second", seed: 7 }],
    ["hightouch", { switches: { interrupted: "goes-on" } }],
    ["fivetran-activations", { switches: { overlap: "skipped-later" } }],
    ["polytomic", { switches: { conflictForm: "same" } }],
  ] as const)("makes the emulator of %s", ([vendor, options]) =>
    Effect.gen(function* () {
      const parsed = parse(withOptions(vendor, { ...options, syncs: [{}] }))
      if (Result.isFailure(parsed) || parsed.success._tag !== "Serve") return expect.unreachable()
      const emulator = yield* parsed.success.emulators[0] ?? expect.unreachable()
      expect(emulator.vendor).toBe(vendor)
      expect(yield* emulator.syncs).toHaveLength(1)
    }),
  )

  it("reports every problem of the options", () => {
    const options = { seed: -1, region: "x", switches: { overlap: "q" }, plan: { ends: "well" } }
    expect(problems(...withOptions("segment", options))).toEqual([
      "--options: seed: Expected a whole number from 0",
      '--options: plan.ends: Expected "succeeded" | "failed" | "cancelled" | "never"',
      '--options: region: Expected "us" | "eu"',
      '--options: switches.overlap: Expected "409" | "422" | "400" | "429" | "200" | "new-run" | "same-run"',
    ])
    expect(problems(...withOptions("zeotap", { syncs: [{ ids: { snyc: "s" } }, { parts: { model: "m" } }] }))).toEqual([
      '--options: syncs.0.ids.snyc: Expected "sync" | "model" | "destination"',
      "--options: syncs.1.parts.destination: Expected a value: it is missing",
    ])
  })

  it("reports what is wrong with the other arguments", () => {
    expect(problems()).toEqual([
      "Expected one or several of segment, rudderstack, zeotap, hightouch, fivetran-activations, polytomic",
    ])
    expect(problems("toString")).toEqual([
      "Expected one or several of segment, rudderstack, zeotap, hightouch, fivetran-activations, polytomic, not toString",
    ])
    expect(problems("segment", "--prot", "1")).toEqual([expect.stringMatching(/^Unknown option '--prot'/)])
    expect(problems("segment", "--options", "{")).toEqual([expect.stringMatching(/^--options: .*JSON/)])
    expect(problems("segment", "--options", "@/does/not/exist")).toEqual([expect.stringMatching(/^--options: ENOENT/)])
    expect(parse(["--help"])).toEqual(Result.succeed({ _tag: "Help" }))
  })
})

describe("several vendors", () => {
  it.live("are served with their syncs, faster than real time, and written as a configuration without tokens", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "openretl.json")
      const args = [
        "rudderstack",
        "zeotap",
        "--speed",
        "60",
        "--syncs",
        "2",
        "--configuration",
        file,
        "--end-with-stdin",
      ]
      const served = yield* startCommand(args)
      const document = JSON.parse(readFileSync(file, "utf8"))
      expect(document).toMatchObject({
        workspaces: {
          rudderstack: { vendor: "rudderstack", baseUrl: served.url, token: { env: "RUDDERSTACK_TOKEN" } },
          zeotap: { vendor: "zeotap", token: { env: "ZEOTAP_TOKEN" } },
        },
      })
      expect(Object.keys(document.syncs)).toHaveLength(4)
      expect(JSON.stringify(document)).not.toContain(served.token)
      served.child.stdin.end()
      yield* Effect.promise(() => once(served.child, "exit"))
    }).pipe(Effect.scoped),
  )

  it("have options in common", () => {
    expect(problems("segment", "nimbus", "--speed", "0", "--syncs", "many", "--options", '{"seed":-1}')).toEqual([
      "Expected one or several of segment, rudderstack, zeotap, hightouch, fivetran-activations, polytomic, not nimbus",
      "--speed: Expected a number above 0, at most 100000",
      "--syncs: Expected a number from 0 to 100",
      "--options: speed: Expected a number above 0, at most 100000",
      "--options: seed: Expected a whole number from 0",
    ])
    expect(problems()).toEqual([
      "Expected one or several of segment, rudderstack, zeotap, hightouch, fivetran-activations, polytomic",
    ])
  })
})
