/**
 * Loaded before a quick start (`node --import`) in the consumer's project. Answers its requests from the emulators, and
 * prints at the end the state of each run that it started.
 */
import { RudderStackEmulator, SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import type { Emulator, Ids } from "@openretl/emulator/Emulator"
import { Effect } from "effect"

interface Vendor {
  readonly host: RegExp
  readonly emulator: Emulator
  readonly sync: Ids
}

/** Ids that the program contains, as in `connection: "2C8V..."`, by their names. */
const programIds = JSON.parse(process.env["QUICK_START_IDS"] ?? "{}") as Readonly<Record<string, string>>

const named = (...names: ReadonlyArray<string>): Ids =>
  Object.fromEntries(names.flatMap((name) => (programIds[name] === undefined ? [] : [[name, programIds[name]]])))

const options = { token: process.env["QUICK_START_TOKEN"] ?? "", plan: { duration: "1 second" } } as const

const workspace = programIds["workspaceId"] ?? process.env["QUICK_START_WORKSPACE_ID"]

const vendors: ReadonlyArray<Vendor> = await Effect.runPromise(
  Effect.gen(function* () {
    const segment = yield* SegmentEmulator.make(options)
    const rudderstack = yield* RudderStackEmulator.make(options)
    const zeotap = yield* ZeotapEmulator.make({
      ...options,
      ...(workspace !== undefined && { workspaceId: workspace }),
    })
    const idsOf = (emulator: Emulator, ids: Ids) =>
      Object.keys(ids).length === 0 ? emulator.addSync() : emulator.addSync({ ids })
    return [
      {
        host: /segment/,
        emulator: segment,
        sync: yield* idsOf(segment, named("source", "model", "subscription")),
      },
      { host: /rudderstack/, emulator: rudderstack, sync: yield* idsOf(rudderstack, named("connection")) },
      { host: /zeotap/, emulator: zeotap, sync: yield* idsOf(zeotap, named("sync")) },
    ]
  }),
)

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init)
  const url = new URL(request.url)
  const vendor = vendors.find(({ host }) => host.test(url.hostname))
  if (vendor === undefined) throw new TypeError(`no emulator answers for ${url.origin}`)
  const body = await request.text()
  const answer = await Effect.runPromise(
    vendor.emulator.transport.send({
      method: request.method as "GET",
      url: `${vendor.emulator.baseUrl}${url.pathname}${url.search}`,
      headers: Object.fromEntries(request.headers),
      ...(body !== "" && { body }),
      maxBytes: Number.MAX_SAFE_INTEGER,
    }),
    { signal: request.signal },
  )
  return new Response(Uint8Array.from(answer.body), { status: answer.status, headers: answer.headers })
}

process.on("exit", () => {
  for (const { emulator, sync } of vendors) {
    for (const run of Effect.runSync(emulator.runsOf(sync))) {
      console.log(`emulated ${emulator.vendor} run: ${run.finishedAt === undefined ? "still going" : "finished"}`)
    }
  }
})
