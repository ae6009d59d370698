/**
 * Writes over a link that goes down, between two hosts: network namespaces of Linux, which root has everywhere and others where the
 * system lets them. Its time is real. In the long form alone.
 */
import { execFile } from "node:child_process"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import type { Report } from "./link/writes.ts"

const writes = 10_000

const execute = promisify(execFile)

/** Starts a program in a network namespace of its own, as its root. */
const [unshare, ...asRoot] = process.getuid?.() === 0 ? ["unshare", "-n"] : ["unshare", "-Urn"]
const inNamespace = (...command: ReadonlyArray<string>) =>
  execute(unshare ?? "", [...asRoot, ...command], { maxBuffer: 100_000_000 })

/** Returns why this machine has no such links; `undefined` where it has. */
const whyImpossible = (): Promise<string | undefined> =>
  inNamespace("sh", "-c", "ip link add one type veth peer name other && nsenter -t $$ -n true").then(
    () => undefined,
    (error: Error) => `no link between network namespaces: ${error.message.trim()}`,
  )

describe("a link that goes down at random moments", () => {
  it.each(["ky", "undici"])(
    "T4: of writes over %s, none arrives twice, none that is not-sent arrives, and each that is answered does",
    { timeout: 1_200_000 },
    async (transport, context) => {
      const reason = await whyImpossible()
      if (reason !== undefined) context.skip(reason)
      const vendor = fileURLToPath(new URL("link/vendor.ts", import.meta.url))
      const node = [process.execPath, "--conditions=@openretl/source"]
      const { stdout } = await inNamespace(...node, vendor, transport, String(writes))
      const { ends, arrivals, errors, outages } = JSON.parse(stdout) as Report
      const counts = Object.entries(Object.groupBy(ends, (end) => end)).map(([end, all]) => [end, all?.length])
      console.log(`${transport}: ${outages} outages, ${JSON.stringify({ ...Object.fromEntries(counts), errors })}`)
      expect(arrivals).toHaveLength(writes)
      expect(arrivals.filter((count) => count > 1)).toEqual([])
      const wrong = ends.filter((end, id) =>
        end === "answered" ? arrivals[id] !== 1 : end === "not-sent" && arrivals[id] !== 0,
      )
      expect(wrong).toEqual([])
      for (const end of ["answered", "not-sent", "unknown"] as const) expect(ends).toContain(end)
    },
  )
})
