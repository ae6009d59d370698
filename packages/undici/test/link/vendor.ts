/**
 * The host of the vendor, in a network namespace of its own: it starts the client in another one, joins the two by a link,
 * and takes the link down and up at random moments until the client reports, at
 * the vendor's end or at the client's. Prints a report. Arguments: the transport, and how many writes.
 */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process"
import { createServer } from "node:http"
import type { Socket } from "node:net"
import process from "node:process"
import { setTimeout as pause } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { watch } from "../../../../scripts/startedProcess.ts"
import { addresses, type ClientReport, port, type Report } from "./writes.ts"

const [name = "", count = ""] = process.argv.slice(2)

/** How long the link is up at the end, in milliseconds. */
const lateArrivals = 3_000

const between = (least: number, most: number): number => least + Math.random() * (most - least)

const arrivals = Array.from({ length: Number(count) }, () => 0)
const sockets = new Set<Socket>()

const server = createServer({ keepAliveTimeout: 0 }, (incoming, response) => {
  // A write counts as soon as its head has arrived: from then on, a vendor may carry it out.
  const id = Number(/\d+$/.exec(incoming.url ?? "")?.[0])
  arrivals[id] = (arrivals[id] ?? 0) + 1
  incoming.resume().on("end", () => {
    setTimeout(() => response.setHeader("content-type", "application/json").end("{}"), between(0, 25))
  })
}).on("connection", (socket) => {
  sockets.add(socket)
  socket.on("error", () => {}).on("close", () => sockets.delete(socket))
})

/** Starts `ip`, which carries out each line that it is sent. */
const startIp = (...prefix: ReadonlyArray<string>): ((line: string) => void) => {
  const [command = "ip", ...args] = [...prefix, "ip", "-batch", "-"]
  const ip: ChildProcessWithoutNullStreams = spawn(command, args)
  ip.stderr.pipe(process.stderr)
  return (line) => ip.stdin.write(`${line}\n`)
}

const client = spawn(
  "unshare",
  [
    "-n",
    process.execPath,
    "--conditions=@openretl/source",
    fileURLToPath(new URL("client.ts", import.meta.url)),
    name,
    count,
  ],
  { stdio: ["pipe", "pipe", "inherit"] },
)
const started = watch(client)
await started.until(/here/)
const inClient = ["nsenter", "-t", String(client.pid), "-n"]
const run = (command: ReadonlyArray<string>) => execFileSync(command[0] ?? "", command.slice(1))
run(["ip", "link", "add", "vendor", "type", "veth", "peer", "name", "client", "netns", String(client.pid)])
run(["ip", "addr", "add", `${addresses.vendor}/24`, "dev", "vendor"])
run(["ip", "link", "set", "vendor", "up"])
run([...inClient, "ip", "addr", "add", `${addresses.client}/24`, "dev", "client"])
run([...inClient, "ip", "link", "set", "client", "up"])
await new Promise<void>((resolve) => server.listen(port, addresses.vendor, resolve))

let hasEnded = false
const reported = started.until(/\n.*\n/).finally(() => {
  hasEnded = true
})
client.stdin.write("go\n")

const ends = [
  { name: "vendor", ip: startIp() },
  { name: "client", ip: startIp(...inClient) },
] as const
let outages = 0
for (; !hasEnded; outages++) {
  await pause(between(5, 200))
  const end = ends[outages % 2 === 0 ? 0 : 1]
  end?.ip(`link set ${end.name} down`)
  await pause(between(2, 100))
  // Some connections end while nobody can say so to the other side.
  for (const socket of sockets) if (Math.random() < 0.1) socket.destroy()
  await pause(between(2, 100))
  end?.ip(`link set ${end.name} up`)
}
await reported
await pause(lateArrivals)
client.stdin.end()

const { ends: clientEnds, errors } = JSON.parse(started.out().replace(/^here\n/, "")) as ClientReport
const report: Report = { ends: clientEnds, errors, arrivals, outages }
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0))
