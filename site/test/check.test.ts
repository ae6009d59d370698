import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { problemsInBrowser } from "../browser.ts"
import { bars, scatter } from "../charts.ts"
import { deadLinksIn, hrefsIn } from "../check.ts"
import { deadLinks } from "../deadLinks.ts"
import { installedBrowser } from "../installedBrowser.ts"
import { anchorOf, linkOnSite, repositoryAddress } from "../links.ts"
import { addressOf, pageProblems, placeOf } from "../pages.ts"

/** A folder with files, for the time of a test. */
const folderWith = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), "openretl-site-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

describe("pages", () => {
  it("every page of the repository is in one menu", () => {
    expect(pageProblems()).toEqual([])
  })

  it("have addresses without the folders that hold them", () => {
    expect(placeOf("docs/vendors/segment.md")).toBe("vendors/segment")
    expect(placeOf("packages/core/README.md")).toBe("packages/core")
    expect(addressOf("README.md")).toBe("/overview")
    expect(addressOf("decisions/README.md")).toBe("/decisions/")
    expect(addressOf("docs/nowhere.md")).toBeUndefined()
  })
})

describe("links", () => {
  it("to a file of the site become its address, with the heading", () => {
    expect(linkOnSite("docs/keys.md", "./journals.md#a-store-of-your-own")).toBe("/journals#a-store-of-your-own")
    expect(linkOnSite("README.md", "./packages/core")).toBe("/packages/core")
    expect(linkOnSite("docs/keys.md", "#which-key")).toBe("#which-key")
  })

  it("to another file lead to the repository", () => {
    expect(linkOnSite("docs/keys.md", "../examples/settle.ts")).toBe(
      `${repositoryAddress}/blob/main/examples/settle.ts`,
    )
    expect(linkOnSite("README.md", "./docs/facts")).toBe(`${repositoryAddress}/tree/main/docs/facts`)
  })

  it("to nothing are named, except those in code", () => {
    expect(deadLinksIn("docs/keys.md", "[a](./nowhere.md) [b](./journals.md)")).toEqual([
      "Error: docs/keys.md: dead link to ./nowhere.md",
    ])
    expect(hrefsIn("`[a](b)` [c](d)\n```ts\n[e](f)\n```\n[g](h)")).toEqual(["d", "h"])
  })

  it("to headings have GitHub's anchors", () => {
    expect(anchorOf("`ensure`: fresh data, by at most one trigger")).toBe("ensure-fresh-data-by-at-most-one-trigger")
    expect(anchorOf("A sync's ids")).toBe("a-syncs-ids")
  })
})

it("dead links of a built site are found: pages, headings, menus", () => {
  const folder = folderWith({
    "index.html":
      '<a href="/a#one">1</a> <a href="/a#two">2</a> <a href="/b">3</a> <a href="https://example.com">4</a>',
    "a.html": '<h2 id="one">One</h2> <a href="/">home</a> <a href="/a.svg">picture</a>',
    "a.svg": "<svg></svg>",
  })
  expect(deadLinks(folder)).toEqual([
    { page: "index.html", href: "/a#two" },
    { page: "index.html", href: "/b" },
  ])
})

it("charts are SVG with the names of their points, and without styles", () => {
  const points = [{ name: "fixed 3 s", x: 423, y: 1.6, isOurs: false }]
  const svg = scatter(points, { name: "requests", isLogarithmic: true }, { name: "delay" })
  expect(svg).toMatch(/^<svg [\s\S]*fixed 3 s[\s\S]*<\/svg>$/)
  expect(svg).not.toContain("<style")
  expect(bars(["one"], [{ name: "ky", values: [1.16] }], { name: "CPU" })).toContain("1.16")
})

describe.skipIf(installedBrowser() === undefined)("in a browser, where one is installed", { timeout: 120_000 }, () => {
  const look = (html: string) =>
    problemsInBrowser(
      folderWith({ "index.html": `<link rel="icon" href="data:,">${html}` }),
      installedBrowser() ?? "",
      {
        pages: { "/": "shown" },
      },
    )

  it("a page that shows its text has no problem", async () => {
    expect(await look("shown")).toEqual([])
  })

  it("a missing text, a console error and a request to another machine are found", async () => {
    expect(await look("")).toEqual([expect.stringContaining('does not show "shown"')])
    expect(await look("shown<script>console.error('no')</script>")).toEqual([
      expect.stringContaining("console error: no"),
    ])
    const leaving = await look('shown<img src="http://127.0.0.2:9/pixel.png">')
    expect(leaving).toContain("request to another machine: http://127.0.0.2:9/pixel.png")
  })
})
