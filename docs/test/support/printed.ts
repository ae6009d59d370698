/** Runs programs of the docs as a reader runs them: nothing is passed to them but an environment. */
import type { Emulator } from "@openretl/emulator/Emulator"
import * as RoutingTransport from "@openretl/emulator/RoutingTransport"
import { Effect } from "effect"
import { vi } from "vitest"

/** What a program printed, line by line, and how its process would have ended. */
export interface Printed {
  readonly out: ReadonlyArray<string>
  readonly err: ReadonlyArray<unknown>
  readonly exitCode: string | number | null | undefined
}

/** When the next program starts: programs of one process share its journal, whose time does not go back. */
let now = Date.now()

/**
 * Runs a program whose requests go to emulators, and whose time is virtual. It has the tokens of the emulators in its
 * environment. The file of the test has a worker of its own, since this changes globals.
 */
export const printedBy = async (
  program: () => Promise<unknown>,
  emulators: ReadonlyArray<Emulator>,
  environment: Readonly<Record<string, string>> = {},
): Promise<Printed> => {
  const [out, err]: [Array<string>, Array<unknown>] = [[], []]
  vi.useFakeTimers({
    now,
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
  })
  vi.stubGlobal("fetch", fetchFrom(emulators))
  vi.spyOn(console, "log").mockImplementation((text) => {
    // Effect's default logger writes the log lines of core there too.
    if (!/^\[[\d:.]+\] INFO /.test(String(text))) out.push(String(text))
  })
  vi.spyOn(console, "error").mockImplementation((error) => void err.push(error))
  for (const { vendor, token } of emulators) {
    vi.stubEnv(`${vendor.replaceAll("-", "_").toUpperCase()}_TOKEN`, token)
  }
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  const exitCode = process.exitCode
  try {
    await inVirtualTime(program())
    return { out, err, exitCode: process.exitCode }
  } finally {
    now = Date.now()
    process.exitCode = exitCode
    vi.unstubAllEnvs()
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
    vi.useRealTimers()
  }
}

/** Moves the clock until the work has ended. */
const inVirtualTime = async <A>(work: Promise<A>): Promise<A> => {
  let isOver = false
  const end = () => {
    isOver = true
  }
  work.then(end, end)
  while (!isOver) {
    // Where nothing is under way, the clock moves faster: programs wait for hours.
    await vi.advanceTimersByTimeAsync(underWay > 0 ? 1_000 : 3_000)
    // Requests and bodies take turns of the real event loop: on a busy machine, the clock waits for them.
    for (let turn = 0; turn < (underWay > 0 ? 50 : 3); turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  return work
}

/** How many requests have no answer yet. */
let underWay = 0

/** Returns a `fetch` that the emulators answer, each for its origin. */
const fetchFrom = (emulators: ReadonlyArray<Emulator>): typeof globalThis.fetch => {
  const { send } = RoutingTransport.make(...emulators)
  const answer = async (request: Request): Promise<Response> => {
    const body = await request.text()
    const { status, headers, ...answered } = await Effect.runPromise(
      send({
        method: request.method as "GET",
        url: request.url,
        headers: Object.fromEntries(request.headers),
        ...(body !== "" && { body }),
        maxBytes: Number.MAX_SAFE_INTEGER,
      }),
      { signal: request.signal },
    )
    return new Response(Uint8Array.from(answered.body), { status, headers })
  }
  return async (input, init) => {
    underWay++
    try {
      return await answer(new Request(input, init))
    } finally {
      underWay--
    }
  }
}
