/**
 * Tries the packed packages with the runtimes, compilers and test runners that npm brings, in a project outside of this
 * repository, and prints the table of docs/support.md. It needs the network, and takes a few minutes.
 *
 *     npm run support                      fails where the page says something else
 *     npm run support -- --write           writes the page
 *     npm run support -- --only bun,deno   prints a part
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { parseArgs } from "node:util"
import { checksIn, type Result, type Target } from "./support/checks.ts"
import { install, type Project } from "./support/project.ts"
import { conclude } from "./verdict.ts"
import { root } from "./workspace.ts"

const { values } = parseArgs({
  options: { write: { type: "boolean", default: false }, only: { type: "string" } },
})

const plan = { syncs: [{ plan: { duration: "1 second", rows: { succeeded: 100 } } }] }

/** Serves an emulator from the packed packages, for as long as `use` takes. */
const withEmulator = async <A>({ folder }: Project, use: (target: Target) => Promise<A>): Promise<A> => {
  const bin = join(folder, "node_modules/.bin/openretl-emulator")
  const args = ["rudderstack", "--end-with-stdin", "--options", JSON.stringify(plan)]
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] })
  try {
    const [line] = await once(createInterface(child.stdout), "line")
    const { url, token, syncs } = JSON.parse(String(line))
    return await use({ url, token, connection: syncs[0].connection ?? syncs[0].ids.connection })
  } finally {
    child.stdin.end()
  }
}

const signs = { works: "yes", fails: "**no**", "not tried": "not tried" } as const

const rowOf = ({ what, where, outcome, note }: Result): string =>
  `| ${where} | ${what} | ${signs[outcome]}${note === undefined ? "" : `: ${note.replaceAll("|", "\\|")}`} |`

const tableOf = (results: ReadonlyArray<Result>): string =>
  ["| With | What | Works |", "| --- | --- | --- |", ...results.map(rowOf)].join("\n")

const project = await install()
const results: Array<Result> = []
try {
  await withEmulator(project, async (target) => {
    const only = values.only?.split(",")
    for (const [name, check] of Object.entries(checksIn(project, target))) {
      if (only !== undefined && !only.includes(name)) continue
      const done = await check()
      for (const result of done) console.log(rowOf(result))
      results.push(...done)
    }
  })
} finally {
  project.remove()
}

const path = join(root, "docs/support.md")
const page = readFileSync(path, "utf8")
const region = /(<!-- support -->\n)[\s\S]*?(<!-- \/support -->)/
const written = page.replace(region, (_, open: string, close: string) => `${open}\n${tableOf(results)}\n\n${close}`)
if (values.only === undefined) {
  if (values.write) writeFileSync(path, written)
  const isStale = !values.write && written !== page
  conclude(isStale ? ["docs/support.md says something else: npm run support -- --write"] : [], `${results.length} rows`)
}
