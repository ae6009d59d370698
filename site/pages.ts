/**
 * The pages of the site. Each is a file of this repository as it stands, or one that the build makes in `site/generated`.
 * The lists here are the order of the menu; a page in `docs` that no list has fails the build.
 */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { adapters } from "../scripts/adapters.ts"
import { files, packages, read, root } from "../scripts/workspace.ts"
import { publicModules } from "./modules.ts"

interface Section {
  readonly title: string
  /** Paths from the root. One that does not exist is left out. */
  readonly pages: ReadonlyArray<string>
  readonly isClosed?: boolean
}

const inDocs = (...names: ReadonlyArray<string>) => names.map((name) => `docs/${name}.md`)

const vendorPages = Object.keys(adapters).flatMap((vendor) => inDocs(`vendors/${vendor}`, `facts/${vendor}`))

export const sections: ReadonlyArray<Section> = [
  { title: "Begin", pages: ["README.md", ...inDocs("start-here", "first-run", "tokens-and-ids", "faq")] },
  {
    title: "Run syncs",
    pages: inDocs("triggers", "waiting", "outcomes", "freshness", "errors", "in-a-server", "orchestrators", "effect"),
  },
  { title: "The command line", pages: inDocs("cli", "commands") },
  { title: "Once for each occasion", pages: inDocs("keys", "journals", "durable", "storing", "fleets") },
  { title: "Operate", pages: inDocs("telemetry", "on-call", "options", "transports", "guarantees") },
  { title: "Configure syncs", pages: inDocs("configuring", "schedules", "moving-vendors") },
  { title: "Test", pages: inDocs("testing-your-pipeline", "emulators", "served-emulator", "switches") },
  { title: "Vendors", pages: [...vendorPages, ...inDocs("endpoints")] },
  {
    title: "Add a vendor",
    pages: inDocs("adapter-in-your-repository", "conformance", "emulator-kit", "adapter-in-this-repository"),
  },
  { title: "Packages", pages: packages.map((name) => `packages/${name}/README.md`) },
  { title: "Examples and figures", pages: ["examples/README.md", "site/generated/figures.md", "benchmarks/README.md"] },
  {
    title: "The project",
    pages: [
      ...inDocs("support"),
      "SECURITY.md",
      "site/generated/changelog.md",
      "SPEC.md",
      "ARCHITECTURE.md",
      "CONTRIBUTING.md",
      ...inDocs("naming"),
      "AGENTS.md",
    ],
  },
  {
    title: "Decisions",
    pages: ["decisions/README.md", ...files("decisions/0*.md")],
    isClosed: true,
  },
]

/** Pages that no menu lists. */
const unlisted = ["site/index.md"]

/** Where the page of a file stands on the site, without the leading slash and the extension. */
export const placeOf = (file: string): string =>
  file
    .replace(/^site\/(?:generated\/)?/, "")
    .replace(/^docs\//, "")
    .replace(/^packages\/([^/]+)\/README\.md$/, "packages/$1.md")
    .replace(/^README\.md$/, "overview.md")
    .replace(/^([^/]+)\/README\.md$/, "$1/index.md")
    .replace(/^[A-Z]+\.md$/, (name) => name.toLowerCase())
    .replace(/\.md$/, "")

/** The reference has a page for each public module, and one that lists them. */
const referencePages = ["index", ...publicModules.map(({ name }) => name)].map(
  (name) => `site/generated/api/${name}.md`,
)

/** Every page that the site has. */
export const allPages: ReadonlySet<string> = new Set(
  [...unlisted, ...sections.flatMap(({ pages }) => pages), ...referencePages].filter(
    (file) => file.startsWith("site/generated/") || existsSync(join(root, file)),
  ),
)

/** The address of a page, or `undefined` where the site does not have it. */
export const addressOf = (file: string): string | undefined =>
  allPages.has(file) ? `/${placeOf(file).replace(/(^|\/)index$/, "$1")}` : undefined

const unquoted = (text: string) => text.replaceAll("`", "")

/** The first heading of a page. */
const titleOf = (file: string): string =>
  unquoted(/^# (.+)$/m.exec(existsSync(join(root, file)) ? read(file) : "")?.[1] ?? placeOf(file))

/** The menu beside every page but those of the reference. */
export const menu = () =>
  sections.map(({ title, pages, isClosed = false }) => ({
    text: title,
    collapsed: isClosed,
    items: pages
      .filter((file) => allPages.has(file))
      .map((file) => ({ text: titleOf(file), link: addressOf(file) ?? "" })),
  }))

/** The menu beside the reference: the modules of each package. */
export const referenceMenu = () =>
  packages.map((name) => ({
    text: `@openretl/${name}`,
    collapsed: name !== "core",
    items: publicModules
      .filter((module) => module.name.startsWith(`@openretl/${name}/`))
      .map((module) => ({ text: module.name.slice(`@openretl/${name}/`.length), link: `/api/${module.name}` })),
  }))

/** Returns pages of `docs` and of the packages that no list has, and pages that two lists have. */
export const pageProblems = (): ReadonlyArray<string> => {
  const listed = sections.flatMap(({ pages }) => pages)
  const written = files("docs/**/*.md", "*.md", "decisions/*.md").filter((file) => !listed.includes(file))
  const twice = listed.filter((file, index) => listed.indexOf(file) !== index)
  return [
    ...written.map((file) => `site/pages.ts: no list has ${file}`),
    ...twice.map((file) => `site/pages.ts: ${file} is listed twice`),
  ]
}
