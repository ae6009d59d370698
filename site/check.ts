/**
 * The short form of the site's build, for every change: each page of the repository is in a menu, and each link of a page leads
 * somewhere. Headings are those of the step `links`, regions those of the step `docs`. `npm run site` builds all of it.
 */
import { conclude } from "../scripts/verdict.ts"
import { read } from "../scripts/workspace.ts"
import { changelogPage } from "./changelog.ts"
import { linkOnSite } from "./links.ts"
import { allPages, pageProblems } from "./pages.ts"

/** The targets of links, without those in code. */
export const hrefsIn = (markdown: string): ReadonlyArray<string> => {
  const text = markdown.replace(/^(```+)[^\n]*\n[\s\S]*?^\1$/gm, "").replace(/`[^`\n]*`/g, "")
  return [...text.matchAll(/\]\(([^()\s]+)\)/g)].map(([, href = ""]) => href)
}

/** Returns the links of a page that lead nowhere. */
export const deadLinksIn = (file: string, markdown: string): ReadonlyArray<string> =>
  hrefsIn(markdown).flatMap((href) => {
    try {
      linkOnSite(file, href)
      return []
    } catch (error) {
      return [String(error)]
    }
  })

const isGenerated = (file: string) => file.startsWith("site/generated/")

if (import.meta.main) {
  const written = [...allPages].filter((file) => !isGenerated(file))
  const problems = [
    ...pageProblems(),
    ...written.flatMap((file) => deadLinksIn(file, read(file))),
    ...deadLinksIn("site/generated/changelog.md", changelogPage()),
  ]
  conclude(problems, `${written.length} pages and the changelog; npm run site builds them with the reference`)
}
