/** What sends the requests of the command line. */
import { writeFile } from "node:fs/promises"
import { createServer } from "node:https"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { Effect, Exit, Scope } from "effect"
import { describe, expect, it } from "vitest"
import { proxy } from "../../core/test/support/proxy.ts"
import { certificate, key } from "../../core/test/support/sockets.ts"
import { needsFetch } from "../src/internal/commands/transport.ts"
import * as Account from "./support/account.ts"
import { run, type Test } from "./support/program.ts"

/** Opens something until the test ends. */
const opened = async <A>({ onTestFinished }: Test, open: Effect.Effect<A, never, Scope.Scope>): Promise<A> => {
  const scope = await Effect.runPromise(Scope.make())
  onTestFinished(() => Effect.runPromise(Scope.close(scope, Exit.void)))
  return Effect.runPromise(Scope.provide(open, scope))
}

/** The configuration of one sync of RudderStack at another address. */
const movedTo = (baseUrl: string, { document }: Account.Account): object => {
  const { finance } = document.workspaces
  const { orders } = document.syncs
  return { workspaces: { finance: { ...finance, baseUrl } }, syncs: { orders } }
}

describe("the transport of openretl", { concurrent: true, timeout: 120_000 }, () => {
  it("uses the proxies of the environment where Node was told to, and only there", async (test) => {
    const account = await Account.open(test)
    const { url, asked } = await opened(test, proxy())
    const proxies = { http_proxy: url, HTTP_PROXY: url, no_proxy: "", NO_PROXY: "" }
    const through = async (told: Readonly<Record<string, string>>) => {
      const env = { ...account.env, ...proxies, ...told }
      const { out } = await run(test, ["runs", "orders", "--journal", "memory"], { cwd: account.cwd, env })
      expect(out).toBe("No runs.\n")
      return asked.splice(0).length
    }
    expect(await through({ NODE_USE_ENV_PROXY: "1" })).toBe(1)
    expect(await through({ NODE_OPTIONS: "--use-env-proxy" })).toBe(1)
    expect(await through({})).toBe(0)
  })

  it("trusts the certificates that Node is told to trust", async (test) => {
    const account = await Account.open(test)
    const vendor = new URL(String(Reflect.get(account.document.workspaces["finance"] ?? {}, "baseUrl")))
    const received: Array<string> = []
    const server = createServer({ key, cert: certificate }, (incoming, outgoing) => {
      received.push(String(incoming.headers["accept-encoding"]))
      const { authorization } = incoming.headers
      void fetch(new URL(String(incoming.url), vendor), { headers: { authorization: String(authorization) } }).then(
        async (answer) => outgoing.writeHead(answer.status).end(await answer.text()),
      )
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    test.onTestFinished(() => void server.close().closeAllConnections())
    await account.write(movedTo(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, account))
    const file = join(account.cwd, "authority.pem")
    await writeFile(file, certificate)
    const args = ["runs", "orders", "--journal", "memory"]
    const over = (env: Readonly<Record<string, string>>) =>
      run(test, args, { cwd: account.cwd, env: { ...account.env, ...env } })
    expect(await over({ NODE_EXTRA_CA_CERTS: file })).toMatchObject({ exit: 0, out: "No runs.\n" })
    // Elsewhere the system's certificates are not in files.
    if (process.platform === "linux") {
      expect(await over({ NODE_OPTIONS: "--use-system-ca", SSL_CERT_FILE: file })).toMatchObject({ exit: 0 })
    }
    expect(new Set(received)).toEqual(new Set(["identity"]))
  })

  it.each([
    [{}, [], {}, false],
    [{ HTTPS_PROXY: "http://proxy" }, ["--no-warnings"], {}, false],
    [{ NODE_OPTIONS: "--no-use-env-proxy" }, [], {}, false],
    [{ NODE_USE_ENV_PROXY: "1" }, [], {}, true],
    [{ NODE_OPTIONS: "--no-warnings --use-env-proxy" }, [], {}, true],
    [{}, ["--use_env_proxy"], {}, true],
    [{}, [], { [Symbol.for("undici.globalDispatcher.1")]: {} }, true],
  ] as const)(
    "with %j and %j, a replaced dispatcher or none (%o): whether it is fetch's",
    (env, execArgv, globals, isFetch) => {
      expect(needsFetch({ env, execArgv: [...execArgv] }, globals)).toBe(isFetch)
    },
  )
})
