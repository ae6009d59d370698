import { globSync } from "node:fs"
import { availableParallelism } from "node:os"
import { dirname } from "node:path"
import { defineConfig } from "vitest/config"
import { Sequencer } from "./scripts/check/sequencer.ts"
import { form } from "./scripts/forms.ts"

const here = (path: string) => new URL(path, import.meta.url).pathname

/** Every package, private ones too. A folder that git left behind has no manifest. */
const packages = globSync("*/package.json", { cwd: here("./packages") })
  .map((path) => dirname(path))
  .sort()

/** Tests run from the sources: the condition that the packages' `exports` name picks `src` over `dist`. */
const conditions = ["@openretl/source", "node", "import", "module", "default"]

/**
 * All tests that change no global, as one project: files share their workers, and with them the modules that all import.
 * A project for each package would load them anew.
 */
const shared = {
  extends: true as const,
  root: here("."),
  test: {
    name: "tests",
    root: here("."),
    include: [...packages.map((name) => `packages/${name}`), "examples", "scripts", "site"].map(
      (folder) => `${folder}/test/**/*.test.ts`,
    ),
    exclude: [
      "packages/*/test/alone/**",
      "packages/conformance/test/example.test.ts",
      // It starts some thirty processes, of commands that other tests run.
      ...form(["packages/cli/test/orchestrators.test.ts"], []),
      // It needs network namespaces and real time.
      ...form(["packages/undici/test/link.test.ts"], []),
    ],
    isolate: false,
    // Nothing waits in real time: this only keeps a busy machine from failing what is merely slow.
    testTimeout: form(30_000, 1_800_000),
  },
}

/** The suite over conformance's example adapter: in the short form, the first laws about triggers, waits, lists and cancels. */
const example = {
  extends: true as const,
  root: here("./packages/conformance"),
  test: {
    name: "conformance example",
    root: here("./packages/conformance"),
    include: ["test/example.test.ts", "example/*.test.ts"],
    isolate: false,
    testNamePattern: form(/[TWLC]1: /, /./),
  },
}

/** Test files that change a global, each in a worker of its own. */
const alone = (name: string, root: string) => ({
  extends: true as const,
  root,
  test: { name: `${name} alone`, root, include: ["test/alone/*.test.ts"] },
})

/**
 * The programs of the docs. Their tests replace globals: `fetch`, the console, the timers. Where `CI` is set, a new journal in
 * a file logs a warning, which these programs do not expect; Effect reads the environment as it is loaded.
 */
const programs = {
  extends: true as const,
  root: here("./docs"),
  test: {
    name: "docs",
    root: here("./docs"),
    include: ["test/*.test.ts"],
    testTimeout: form(30_000, 1_800_000),
    env: { CI: "" },
  },
}

export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    // What tests start loads its modules in half the time.
    env: { NODE_COMPILE_CACHE: here("./node_modules/.cache/compile") },
    sequence: { sequencer: Sequencer },
    // One core less, the default, would be half of them on a machine with two. One more would load and compile everything once more.
    maxWorkers: availableParallelism(),
    projects: [
      shared,
      alone("core", here("./packages/core")),
      alone("undici", here("./packages/undici")),
      example,
      programs,
    ],
  },
})
