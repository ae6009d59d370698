import { relative } from "node:path"
import { defineConfig } from "vitepress"
import { files, root } from "../../scripts/workspace.ts"
import { anchorOf, linkOnSite, repositoryAddress } from "../links.ts"
import { allPages, menu, placeOf, referenceMenu } from "../pages.ts"

/** Every folder of the repository is below `srcDir`: pages are those that the menu knows. */
const noPages = files("**/*.md").filter((file) => !allPages.has(file))

export default defineConfig({
  title: "OpenRETL",
  description: "One typed way to run Reverse ETL, whichever vendor runs it",
  base: (process.env["SITE_BASE"] ?? "/") as "/",
  srcDir: "..",
  srcExclude: [...noPages, ".changeset/**"],
  cleanUrls: true,
  lastUpdated: false,
  head: [["link", { rel: "icon", type: "image/svg+xml", href: `${process.env["SITE_BASE"] ?? "/"}favicon.svg` }]],
  rewrites: (file) => `${placeOf(file)}.md`,
  markdown: {
    anchor: { slugify: anchorOf },
    config: (markdown) => {
      markdown.core.ruler.push("links of the repository", ({ tokens, env }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.type === "link_open" ? token.attrGet("href") : null
          if (href !== null) token.attrSet("href", linkOnSite(relative(root, env.realPath ?? env.path), href))
        }
      })
      // The pages contain no Vue: `{{ }}` and `<Vendor>` are text.
      markdown.core.ruler.push("no Vue", (state) => {
        const html = (content: string) => Object.assign(new state.Token("html_block", "", 0), { content })
        state.tokens = [html("<div v-pre>"), ...state.tokens, html("</div>")]
      })
    },
  },
  vite: { publicDir: new URL("../public", import.meta.url).pathname },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Start here", link: "/start-here" },
      { text: "API", link: "/api/" },
      { text: "Support", link: "/support" },
    ],
    sidebar: { "/api/": referenceMenu(), "/": menu() },
    socialLinks: [{ icon: "github", link: repositoryAddress }],
  },
})
