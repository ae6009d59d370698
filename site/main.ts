/**
 * Builds the site of the docs, and fails at a dead link, a dead anchor, or a page that no menu has. Where a browser is
 * installed, it then looks at the site, and fails at a console error or a request that leaves this machine.
 *
 *     npm run site                writes site/.vitepress/dist
 *     npm run site -- --serve     shows it while pages change
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { build, createServer } from "vitepress"
import { conclude } from "../scripts/verdict.ts"
import { problemsInBrowser } from "./browser.ts"
import { changelogPage } from "./changelog.ts"
import { deadLinks, htmlFiles } from "./deadLinks.ts"
import { writeFigures } from "./figures.ts"
import { installedBrowser } from "./installedBrowser.ts"
import { pageProblems } from "./pages.ts"
import { writeReference } from "./reference.ts"

const folder = import.meta.dirname
const generated = join(folder, "generated")
const built = join(folder, ".vitepress/dist")

/** Where a browser looks, and what it must see there. */
const tour = {
  pages: {
    "/": "One typed way to run Reverse ETL",
    "/start-here": "Five things to decide",
    "/orchestrators": "TRY_AGAIN",
    "/figures": "requests",
    "/api/@openretl/core/Trigger": "whenRunning",
  },
  word: "TriggerIndeterminate",
}

const { values } = parseArgs({ options: { serve: { type: "boolean", default: false } } })

/** The pages that no file of the repository has. */
const generate = async (): Promise<void> => {
  rmSync(generated, { recursive: true, force: true })
  mkdirSync(generated, { recursive: true })
  writeFileSync(join(generated, "changelog.md"), changelogPage())
  writeFigures(generated)
  await writeReference(join(generated, "api"))
}

/** Returns the links that lead nowhere, each with a page that has it. VitePress itself fails at those in a text. */
const deadLinksOfBuild = async (): Promise<ReadonlyArray<string>> => {
  await build(folder, { logLevel: "warn" } as object)
  const pagesByLink = new Map(deadLinks(built, process.env["SITE_BASE"]).map(({ page, href }) => [href, page]))
  return [...pagesByLink].map(([href, page]) => `dead link: ${href} in ${page}`)
}

await generate()
const problems = pageProblems()
if (values.serve) {
  for (const problem of problems) console.error(problem)
  const server = await createServer(folder)
  await server.listen()
  server.printUrls()
} else {
  const dead = problems.length > 0 ? problems : await deadLinksOfBuild()
  const browser = installedBrowser()
  const wrong = dead.length > 0 || browser === undefined ? dead : await problemsInBrowser(built, browser, tour)
  const look = browser === undefined ? "no browser is installed to look at it" : "a browser has looked at it"
  conclude(wrong, `${htmlFiles(built).length} pages, every link and heading exists; ${look}`)
}
