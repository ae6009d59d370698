/** Bundles the command line: one file, and one for each part that only some commands load. That quarters its start-up. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type BuildOptions, build, type Plugin } from "esbuild"
import { bundle } from "./bundles.ts"
import { root } from "./workspace.ts"

/** Some packages are CommonJS, and require the modules of Node. No file makes a `require` that it does not use: that takes time. */
const banner = 'const require = (name) => process.getBuiltinModule("node:module").createRequire(import.meta.url)(name);'

/**
 * Takes Node's modules as they are. An `import` of one looks at each of its exports first, which opens standard input and loads
 * what some of them need: that takes 10 ms.
 */
const builtins: Plugin = {
  name: "builtins",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: "builtin", sideEffects: false }))
    onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
    }))
  },
}

/** Returns how the command line is bundled. `fromSource`: of the sources, not of the compiled packages. */
const optionsFor = (fromSource: boolean, isSmall: boolean) => {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(join(root, "packages/cli/package.json"), "utf8"),
  )
  return {
    entryPoints: [
      { in: join(root, fromSource ? "packages/cli/src/bin.ts" : "packages/cli/dist/bin.js"), out: "openretl" },
    ],
    bundle: true,
    splitting: true,
    // Tests start it from the sources: they need it soon, not small.
    minify: isSmall,
    platform: "node",
    format: "esm",
    target: "node22",
    legalComments: "none",
    // The program loads its transport when it sends something.
    conditions: [...(fromSource ? ["@openretl/source"] : []), "openretl-own-transport"],
    define: { __OPENRETL_VERSION__: JSON.stringify(manifest.version), "Intl.Segmenter": "LazySegmenter" },
    inject: [join(root, "scripts/commandLine/lazySegmenter.ts")],
    plugins: [builtins],
    banner: { js: banner },
    // An optional part of `pg`.
    external: ["pg-native"],
  } satisfies BuildOptions
}

/** Writes the bundle to a folder; the program is `openretl.js` there. `fromSource`: of the sources, not of the compiled packages. */
export const bundleCommandLine = async (outdir: string, fromSource: boolean, isSmall = !fromSource): Promise<void> => {
  await build({ ...optionsFor(fromSource, isSmall), outdir })
}

/** Returns the path of the program in the cache of bundles, for tests. */
export const bundledCommandLine = async (): Promise<string> =>
  join(
    await bundle({ name: "openretl", options: optionsFor(true, false), madeBy: import.meta.filename }),
    "openretl.js",
  )
