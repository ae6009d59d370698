/**
 * Links of the built site that lead nowhere, headings included. VitePress fails at a link in a text to a page that does not
 * exist, and neither at one in a menu nor at one to a heading that does not exist.
 */
import { existsSync, globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"

const characters = { "&amp;": "&", "&#39;": "'", "&quot;": '"', "&lt;": "<", "&gt;": ">" } as const

const plain = (text: string): string =>
  text.replace(/&(?:amp|#39|quot|lt|gt);/g, (entity) => characters[entity as keyof typeof characters])

/** The links of a page that stay on the site. */
const linksOf = (html: string): ReadonlyArray<string> =>
  [...new Set([...html.matchAll(/<a[^>]*\shref="([^"]*)"/g)].map(([, href = ""]) => decodeURIComponent(plain(href))))]
    // Every page has the link that skips the menu; its target is in what the browser renders.
    .filter((href) => !/^(?:[a-z]+:|$|#VPContent$)/.test(href))

const idsOf = (html: string): ReadonlySet<string> =>
  new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = ""]) => plain(id)))

/** The HTML files below a folder, as paths from it. */
export const htmlFiles = (folder: string): ReadonlyArray<string> => globSync("**/*.html", { cwd: folder }).sort()

export interface DeadLink {
  /** The HTML file that has it, as a path from the folder. */
  readonly page: string
  readonly href: string
}

/** Returns the dead links below a folder with HTML files that is served at `base`. */
export const deadLinks = (folder: string, base = "/"): ReadonlyArray<DeadLink> => {
  const pages = new Map(htmlFiles(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]))
  const ids = new Map([...pages].map(([file, html]) => [file, idsOf(html)]))
  return [...pages].flatMap(([file, html]) =>
    linksOf(html).flatMap((href) => {
      const [path = "", hash] = href.split("#")
      const target = path.startsWith("/") ? path.replace(base, "") : join(dirname(file), path)
      const names = path === "" ? [file] : [target, `${target}.html`, join(target, "index.html")]
      const page = names.find((name) => pages.has(name))
      if (page === undefined)
        return hash === undefined && existsSync(join(folder, target)) ? [] : [{ page: file, href }]
      return hash === undefined || ids.get(page)?.has(hash) ? [] : [{ page: file, href }]
    }),
  )
}
