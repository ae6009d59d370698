/**
 * Loaded before a quick start (`node --import`) in the consumer's project. Answers its requests from the emulators, and
 * prints at the end the state of each run that it started.
 */
import * as Emulators from "@openretl/emulator"
import type { Emulator, Ids } from "@openretl/emulator/Emulator"
import { Effect } from "effect"

interface Vendor {
  /** Every region of the vendor answers below it. */
  readonly domain: string
  readonly emulator: Emulator
  readonly sync: Ids
}

/** The last two labels of an address's host. */
const domainOf = (address: string): string => new URL(address).hostname.split(".").slice(-2).join(".")

/** Ids that the program contains, as in `connection: "2C8V..."`, by their names. */
const programIds = JSON.parse(process.env["QUICK_START_IDS"] ?? "{}") as Readonly<Record<string, string>>

/** The ids of the program that name a sync of the emulator. */
const named = ({ idNames }: Emulator): Ids =>
  Object.fromEntries(idNames.sync.flatMap((name) => (programIds[name] === undefined ? [] : [[name, programIds[name]]])))

const workspace = programIds["workspaceId"] ?? process.env["QUICK_START_WORKSPACE_ID"]

const options = {
  token: process.env["QUICK_START_TOKEN"] ?? "",
  plan: { duration: "1 second" },
  ...(workspace !== undefined && { workspaceId: workspace }),
} as const

/** The emulator of every vendor. */
const modules = Object.values(Emulators).flatMap((module) => ("make" in module && "idNames" in module ? [module] : []))

const vendors: ReadonlyArray<Vendor> = await Effect.runPromise(
  Effect.forEach(modules, (module) =>
    Effect.gen(function* () {
      const emulator: Emulator = yield* module.make(options)
      const ids = named(emulator)
      const sync = yield* Object.keys(ids).length === 0 ? emulator.addSync() : emulator.addSync({ ids })
      return { domain: domainOf(emulator.baseUrl), emulator, sync }
    }),
  ),
)

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init)
  const url = new URL(request.url)
  const vendor = vendors.find(({ domain }) => domain === domainOf(request.url))
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
