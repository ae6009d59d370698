/** The programs of the page about fleets, each in a process of its own: as the page shows them, and killed in the middle. */
import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import type { Emulator } from "@openretl/emulator/Emulator"
import { serve } from "@openretl/emulator/Server"
import { Deferred, Effect } from "effect"
import { describe, expect, it, onTestFinished } from "vitest"
import { bundledProgram } from "../../scripts/bundles.ts"
import { isLong } from "../../scripts/forms.ts"
import { destinations, idsByName, type Vendors, vendors } from "./support/nightly.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))

/** The files of the programs by their names. The long form starts the sources. */
const programs = Object.fromEntries(
  await Promise.all(
    ["test/support/reroute.ts", "programs/nightly.ts", "programs/nightly-telemetry.ts", "programs/fleet-layer.ts"].map(
      async (file) =>
        [basename(file), isLong ? join(root, "docs", file) : await bundledProgram(`docs/${file}`)] as const,
    ),
  ),
)

const read = (file: string) => readFileSync(join(root, file), "utf8")

/** Returns the name of a journal that is deleted when the test ends. */
const newJournal = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "openretl-nightly-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, "nightly.db")
}

const names = Object.keys(idsByName)

const idsOf = (name: string) => idsByName[name] ?? {}

const runsOf = ({ vendorOf }: Vendors, name: string) => vendorOf(name).runsOf(idsOf(name))

const callsOf = ({ emulators }: Vendors) =>
  Effect.map(Effect.all(emulators.map(({ calls }) => calls)), (calls) => calls.flat())

/** The numbers of triggers and runs of each job. */
const counted = (all: Vendors) =>
  Effect.gen(function* () {
    const triggers = (yield* callsOf(all)).filter(({ operation }) => operation === "start").length
    const runs = yield* Effect.forEach(names, (name) => Effect.map(runsOf(all, name), ({ length }) => length))
    return { triggers, runs }
  })

/** Serves an emulator, and calls `note` after each answer. */
const served = (emulator: Emulator, note: Effect.Effect<unknown>) => {
  const send: Emulator["transport"]["send"] = (request) => Effect.tap(emulator.transport.send(request), () => note)
  return serve({ ...emulator, transport: { ...emulator.transport, send } })
}

/** Serves the emulators, and returns the environment of the program. */
const environmentOf = Effect.fnUntraced(function* ({ emulators }: Vendors, note: Effect.Effect<unknown> = Effect.void) {
  const origins = yield* Effect.forEach(emulators, (emulator) =>
    Effect.map(served(emulator, note), (url) => [new URL(emulator.baseUrl).origin, url] as const),
  )
  return {
    ...Object.fromEntries(emulators.map(({ vendor, token }) => [`${vendor.toUpperCase()}_TOKEN`, token])),
    OPENRETL_ORIGINS: JSON.stringify(Object.fromEntries(origins)),
    OPENRETL_JOURNAL: newJournal(),
    NIGHT: "2026-11-28",
  }
})

/** Starts a program, and returns its process and what it prints until its end. */
const start = (env: Readonly<Record<string, string>>, file = "nightly.ts") => {
  const { CI: _, ...inherited } = process.env
  const [reroute, program] = [programs["reroute.ts"], programs[file]]
  const args = ["--conditions=@openretl/source", "--import", String(reroute), String(program)]
  const child = spawn(process.execPath, args, { cwd: root, env: { ...inherited, ...env } })
  onTestFinished(() => void child.kill("SIGKILL"))
  const printed = { out: "", err: "" }
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed.out += text
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    printed.err += text
  })
  const exit = new Promise<typeof printed & { readonly code: unknown }>((resolve) => {
    child.once("close", (code, signal) => resolve({ ...printed, code: code ?? signal }))
  })
  return { kill: () => child.kill("SIGKILL"), ended: Effect.promise(() => exit) }
}

/** Returns the output of a program as the page shows it. */
const pasted = (file: string): string =>
  new RegExp(`<!-- output of ${file} -->\\n\\n\`\`\`text\\n([\\s\\S]*?)\\n\`\`\``).exec(read("docs/fleets.md"))?.[1] ??
  ""

/** Leaves out what differs from one run of the program to the next: how long it took, and the ids and times of runs. */
const shown = (text: string) =>
  text
    .trimEnd()
    .replace(/ +(\d+m )?\d+[ms](?= {2}|$)/gm, " TIME")
    .replace(/(retl1\.run\.\w+\.\w+)\.[\w-]+\.\w+/g, "$1.RUN")

describe("the nightly", () => {
  it("has at most 40 lines", () => {
    expect(read("docs/programs/nightly.ts").trimEnd().split("\n").length).toBeLessThanOrEqual(40)
  })

  it("F7: prints the report that the page shows, at most two jobs of a destination at once", {
    timeout: 180_000,
  }, async () => {
    const program = Effect.gen(function* () {
      const all = yield* vendors({ seed: 31, plan: { duration: "1 second", rows: { succeeded: 12_480 } } })
      const script = (name: string, plan: Parameters<Emulator["script"]>[1][number]) =>
        all.vendorOf(name).script(idsOf(name), [plan])
      yield* script("leads", { duration: "1 second", rows: { succeeded: 628, failed: 12 } })
      yield* script("profiles", { duration: "1 second", ends: "failed", error: { text: "row 4711 of jo@example.com" } })

      const { out, err, code } = yield* start(yield* environmentOf(all)).ended
      expect({ err, code }).toEqual({ err: "", code: 1 })
      expect(out).not.toMatch(/4711|example\.com/)
      for (const { token } of all.emulators) expect(out).not.toContain(token)
      expect(shown(out)).toBe(shown(pasted("nightly.ts")))

      for (const jobs of destinations) {
        const runs = (yield* Effect.forEach(jobs, (name) => runsOf(all, name))).flat()
        const at = (instant: number) =>
          runs.filter(({ createdAt, finishedAt = Number.NaN }) => createdAt <= instant && instant < finishedAt).length
        expect(Math.max(...runs.map(({ createdAt }) => at(createdAt)))).toBeLessThanOrEqual(2)
      }
    })
    await Effect.runPromise(Effect.scoped(program))
  })
})

describe("a nightly that is killed", () => {
  it("T10, F7: goes on where it was, and no sync runs twice", { timeout: 180_000 }, async () => {
    const program = Effect.gen(function* () {
      const all = yield* vendors({ seed: 32, plan: { ends: "never" } })
      /** How many runs were looked at: the journal has them. */
      const begun = Effect.gen(function* () {
        const paths = (yield* callsOf(all)).map(({ path }) => path)
        const runs = (yield* Effect.forEach(names, (name) => runsOf(all, name))).flat()
        return runs.filter(({ id }) => paths.some((path) => path.endsWith(`/${id}`))).length
      })
      const half = yield* Deferred.make<void>()
      const note = Effect.flatMap(begun, (runs) => (runs === 8 ? Deferred.succeed(half, undefined) : Effect.void))
      const env = yield* environmentOf(all, note)

      const first = start(env)
      yield* Effect.raceFirst(Deferred.await(half), first.ended)
      first.kill()
      expect(yield* first.ended).toMatchObject({ code: "SIGKILL", out: "", err: "" })
      expect((yield* counted(all)).triggers).toBe(8)

      for (const name of names) {
        const [run] = yield* runsOf(all, name)
        if (run !== undefined) yield* all.vendorOf(name).endRun(run.id)
        else yield* all.vendorOf(name).script(idsOf(name), [{ duration: "1 second" }])
      }
      const second = yield* start(env).ended
      expect(second).toMatchObject({ code: 0, err: "" })
      expect(second.out).toMatch(/^nightly\/2026-11-28: all 12 jobs are green; /)
      expect(second.out.match(/ complete {2}joined /g)).toHaveLength(8)
      expect(second.out.match(/ complete {2}started /g)).toHaveLength(4)

      const third = yield* start(env).ended
      expect(third.out.match(/ complete {2}remembered /g)).toHaveLength(12)
      expect(yield* counted(all)).toEqual({ triggers: 12, runs: names.map(() => 1) })
    })
    await Effect.runPromise(Effect.scoped(program))
  })
})

describe("a fleet as a layer", () => {
  it("fleet-layer.ts runs a batch, and prints all problems of its configuration", { timeout: 180_000 }, async () => {
    const program = Effect.gen(function* () {
      const all = yield* vendors({ seed: 33, plan: { duration: "1 second" } })
      const env = {
        ...(yield* environmentOf(all)),
        RUDDERSTACK_REGION: "us",
        ZEOTAP_WORKSPACE: "660e8400-e29b-41d4-a716-446655440000",
      }
      const green = yield* start(env, "fleet-layer.ts").ended
      expect(green).toMatchObject({ err: "", code: 0 })
      // Lines of the log may come before.
      expect(green.out).toMatch(/(^|\n)all green\n$/)
      const wrong = { ...env, RUDDERSTACK_REGION: "mars", RUDDERSTACK_TOKEN: "" }
      const { out, err } = yield* start(wrong, "fleet-layer.ts").ended
      expect({ out, err }).toEqual({ out: "", err: `${pasted("fleet-layer.ts")}\n` })
    })
    await Effect.runPromise(Effect.scoped(program))
  })
})

describe("a nightly that exports its telemetry", () => {
  it("sends the metrics of its jobs to the collector before it ends", { timeout: 180_000 }, async () => {
    const bodies: Array<string> = []
    const collector = createServer((request, response) => {
      void text(request).then((body) => {
        bodies.push(`${request.url} ${body}`)
        response.writeHead(200, { "content-type": "application/json" }).end("{}")
      })
    })
    await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve))
    onTestFinished(() => void collector.close())
    const address = collector.address()
    const endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`
    const program = Effect.gen(function* () {
      const all = yield* vendors({ seed: 34, plan: { duration: "1 second" } })
      yield* all.vendorOf("accounts").script(idsOf("accounts"), [{ duration: "1 second", ends: "failed" }])
      const origins = yield* environmentOf(all)
      const env = {
        ...origins,
        OPENRETL_ORIGINS: JSON.stringify({ ...JSON.parse(origins.OPENRETL_ORIGINS), [endpoint]: endpoint }),
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      }
      const { out, err, code } = yield* start(env, "nightly-telemetry.ts").ended
      expect({ err, code }).toEqual({ err: "", code: 1 })
      expect(out).toContain("1 of 2 jobs are green, 1 failed")
    })
    await Effect.runPromise(Effect.scoped(program))
    const metrics = bodies.filter((body) => body.startsWith("/v1/metrics")).join("\n")
    expect(metrics).toContain("openretl.run.duration")
    expect(metrics).toContain('{"key":"openretl.sync.name","value":{"stringValue":"accounts"}}')
    expect(metrics).toContain('{"key":"openretl.run.verdict","value":{"stringValue":"failed"}}')
  })
})
