/** Bundles with and without the default transport. */
import { createRequire } from "node:module"
import { resolve } from "node:path"
import { buildSync } from "esbuild"
import { describe, expect, it } from "vitest"
import * as NoTransport from "../src/http/noTransport.ts"

const program = `
  import { Effect } from "effect"
  import { Transport } from "@openretl/core/Transport"
  const request = { method: "GET", url: "http://127.0.0.1:1/", headers: {}, maxBytes: 1 }
  const sent = Effect.flatMap(Transport, (transport) => Effect.flip(transport.send(request)))
  module.exports = Effect.runPromise(sent)
`

const bundleWith = (...conditions: ReadonlyArray<string>) => {
  const { outputFiles, metafile } = buildSync({
    stdin: { contents: program, resolveDir: resolve(import.meta.dirname, ".."), loader: "ts" },
    bundle: true,
    write: false,
    metafile: true,
    format: "cjs",
    platform: "node",
    conditions: ["@openretl/source", ...conditions],
    external: ["effect"],
  })
  return { code: outputFiles[0]?.text ?? "", inputs: Object.keys(metafile.inputs) }
}

/** Runs a bundle, and returns how its request failed. */
const run = (code: string): Promise<unknown> => {
  const module = { exports: Promise.resolve<unknown>(undefined) }
  new Function("module", "require", code)(module, createRequire(import.meta.url))
  return module.exports
}

describe("a bundle", () => {
  it("has `ky`, and sends with it", async () => {
    const { code, inputs } = bundleWith()
    expect(inputs.some((path) => path.includes("/node_modules/ky/"))).toBe(true)
    // `fetch` refuses the port.
    expect(await run(code)).toMatchObject({ _tag: "TransportError", code: "network" })
  })

  it("has no `ky` under the condition `openretl-own-transport`, and sends only with a transport that is provided", async () => {
    const { code, inputs } = bundleWith("openretl-own-transport")
    expect(inputs.filter((path) => path.includes("/node_modules/ky/"))).toEqual([])
    expect(await run(code)).toMatchObject({ _tag: "TransportError", code: "no-transport", delivery: "not-sent" })
  })

  it("without a transport says so as one", () => {
    expect(NoTransport.make().id).toBe("none")
  })
})
