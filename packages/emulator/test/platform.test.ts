import { readdirSync, readFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"

const src = new URL("../src/", import.meta.url)
const read = (path: string) => readFileSync(new URL(path, src), "utf8")
const imports = (text: string) => [...text.matchAll(/from "([^"]+)"/g)].map((match) => match[1] ?? "")

/** The modules that `from` imports, directly or through others. */
const reachedFrom = (from: string, seen = new Set<string>()): Set<string> => {
  if (seen.has(from)) return seen
  seen.add(from)
  for (const path of imports(read(from))) {
    if (path.startsWith(".")) reachedFrom(new URL(path, new URL(from, src)).href.slice(src.href.length), seen)
  }
  return seen
}

it("the main entry imports only five modules of core, besides Effect", () => {
  const specifiers = new Set([...reachedFrom("index.ts")].flatMap((path) => imports(read(path))))
  const foreign = [...specifiers].filter((path) => !path.startsWith(".") && !path.startsWith("effect/"))
  expect(foreign.sort()).toEqual([
    "@openretl/core/Transport",
    "@openretl/core/TransportError",
    "@openretl/core/driver/Description",
    "@openretl/core/driver/Input",
    "@openretl/core/driver/Json",
  ])
})

it("only MswHandlers imports msw, and only the servers' listener Node's http", () => {
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"))
  const importersOf = (name: string) => files.filter((path) => imports(read(path)).includes(name))
  expect(importersOf("msw")).toEqual(["MswHandlers.ts"])
  expect(importersOf("node:http")).toEqual(["internal/http/listener.ts"])
})
