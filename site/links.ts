/**
 * Links of a page, as they are on the site. A link in the repository leads to a file: to a page's address where the site has
 * the file, else to the file at GitHub. A link that leads nowhere is an error.
 */
import { existsSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { read, root } from "../scripts/workspace.ts"
import { addressOf } from "./pages.ts"

const { repository } = JSON.parse(read("package.json")) as { readonly repository: { readonly url: string } }

/** Where the repository is shown. */
export const repositoryAddress = repository.url.replace(/^git\+/, "").replace(/\.git$/, "")

/** Returns the link `href` of the page `file`, a path from the root, as it is on the site. */
export const linkOnSite = (file: string, href: string): string => {
  if (/^(?:[a-z]+:|\/|#)/.test(href)) return href
  const [path = "", ...hash] = decodeURI(href).split("#")
  const target = join(dirname(file), path).replace(/\/$/, "")
  const anchor = hash.length === 0 ? "" : `#${hash.join("#")}`
  const address = addressOf(target) ?? addressOf(join(target, "README.md"))
  if (address !== undefined) return `${address}${anchor}`
  if (target.startsWith("..") || !existsSync(join(root, target))) throw new Error(`${file}: dead link to ${href}`)
  const kind = statSync(join(root, target)).isDirectory() ? "tree" : "blob"
  return `${repositoryAddress}/${kind}/main/${target}${anchor}`
}

/** A heading's anchor, as GitHub makes it: pages are read there, too. */
export const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-")
