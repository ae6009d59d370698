import { readdirSync, readFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"

const src = new URL("../src/", import.meta.url)
const read = (path: string) => readFileSync(new URL(path, src), "utf8")
const imports = (text: string) => [...text.matchAll(/from "([^"]+)"/g)].map((match) => match[1] ?? "")

/** Every module that `from` reaches. */
const reach = (from: string, seen = new Set<string>()): Set<string> => {
  if (seen.has(from)) return seen
  seen.add(from)
  for (const path of imports(read(from))) {
    if (path.startsWith(".")) reach(new URL(path, new URL(from, src)).href.slice(src.href.length), seen)
  }
  return seen
}

it("the main entry needs no platform, no msw, no adapter, and two modules of core", () => {
  const outside = new Set([...reach("index.ts")].flatMap((path) => imports(read(path))))
  const foreign = [...outside].filter((path) => !path.startsWith(".") && !path.startsWith("effect/"))
  expect(foreign.sort()).toEqual(["@openretl/core/Transport", "@openretl/core/TransportError"])
})

it("only one module needs msw, and one Node's http", () => {
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"))
  const needing = (name: string) => files.filter((path) => imports(read(path)).includes(name))
  expect(needing("msw")).toEqual(["MswHandlers.ts"])
  expect(needing("node:http")).toEqual(["Server.ts"])
})
