/**
 * Writes over a link that goes down, between two hosts: network namespaces of Linux, which root has everywhere, and others where
 * the system lets them. Its time is real. In the long form alone.
 */
import { execFile, spawnSync } from "node:child_process"
import process from "node:process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import type { Report } from "./link/writes.ts"

const writes = 10_000

/** What starts a program in a network namespace of its own, as its root. */
const [command, ...asRoot] = process.getuid?.() === 0 ? (["unshare", "-n"] as const) : (["unshare", "-Urn"] as const)

/** Returns why this machine has no such links; an empty text where it has. */
const whyImpossible = (): string => {
  const probe = "ip link add one type veth peer name other && nsenter -t $$ -n true"
  const { status, stderr, error } = spawnSync(command, [...asRoot, "sh", "-c", probe], { encoding: "utf8" })
  return status === 0 ? "" : `skipped, since this machine has no link between network namespaces: ${error ?? stderr}`
}

const reason = whyImpossible()

describe.skipIf(reason !== "")(`a link that goes down at random moments ${reason}`.trim(), () => {
  it.each(["ky", "undici", "node"])(
    "T4: of writes over %s, none arrives twice, none that is not-sent arrives, and each that is answered does",
    { timeout: 1_200_000 },
    async (transport) => {
      const vendor = fileURLToPath(new URL("link/vendor.ts", import.meta.url))
      const node = [process.execPath, "--conditions=@openretl/source"]
      const { stdout } = await promisify(execFile)(command, [...asRoot, ...node, vendor, transport, String(writes)], {
        maxBuffer: 100_000_000,
      })
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
