/** Links between the pages of this repository lead somewhere. */
import { existsSync } from "node:fs"
import { dirname, join, normalize } from "node:path"
import { conclude } from "./verdict.ts"
import { files, read, root } from "./workspace.ts"

const pages = files("*.md", "{packages,examples,benchmarks,decisions}/**/*.md", ".changeset/README.md")

/** Code is not prose: what looks like a link there is none. */
const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "")

const headingsOf = (path: string): ReadonlyArray<string> =>
  [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  )

const links = pages.flatMap((page) =>
  [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => ({ page, target }))
    .filter(({ target }) => !/^[a-z]+:/.test(target)),
)

const leadsNowhere = ({ page, target }: { readonly page: string; readonly target: string }): boolean => {
  const [path = "", heading] = target.split("#")
  const file = path === "" ? page : normalize(join(dirname(page), path)).replaceAll("\\", "/")
  if (!existsSync(join(root, file))) return true
  return heading !== undefined && file.endsWith(".md") && !headingsOf(file).includes(heading)
}

conclude(
  links.filter(leadsNowhere).map(({ page, target }) => `${page}: nothing is at ${target}`),
  `${links.length} links in ${pages.length} pages`,
)
