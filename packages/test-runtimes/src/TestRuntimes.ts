/** The JavaScript runtimes of this machine: Node, and those that npm brings. */
import { createRequire } from "node:module"
import { arch, execPath, platform } from "node:process"

/** A runtime, and how it runs a file. */
export interface TestRuntime {
  readonly name: "Bun" | "Deno" | "Node"
  /** The program and its first arguments. The file follows. */
  readonly command: readonly [program: string, ...options: ReadonlyArray<string>]
}

/** The binaries by package, as `bun` and `deno` name them for each platform. */
const binaries = {
  Bun: {
    of: "bun",
    packages: [`@oven/bun-${platform}-${arch === "arm64" ? "aarch64" : arch}`],
    file: "bin/bun",
    options: [],
  },
  Deno: {
    of: "deno",
    packages: [`@deno/${platform}-${arch}-glibc`, `@deno/${platform}-${arch}`],
    file: "deno",
    options: ["run", "--quiet", "--allow-env"],
  },
} as const

const suffix = platform === "win32" ? ".exe" : ""

const resolved = (require: NodeJS.Require, path: string): ReadonlyArray<string> => {
  try {
    return [require.resolve(path)]
  } catch {
    return []
  }
}

const found = (name: "Bun" | "Deno"): ReadonlyArray<TestRuntime> => {
  const { of, packages, file, options } = binaries[name]
  const own = createRequire(import.meta.url)
  return resolved(own, `${of}/package.json`)
    .flatMap((manifest) => packages.flatMap((it) => resolved(createRequire(manifest), `${it}/${file}${suffix}`)))
    .slice(0, 1)
    .map((program) => ({ name, command: [program, ...options] }))
}

/** Returns the runtimes that are there: Node always, the others where npm has a binary for the platform. */
export const runtimes = (): ReadonlyArray<TestRuntime> => [
  { name: "Node", command: [execPath] },
  ...found("Bun"),
  ...found("Deno"),
]
