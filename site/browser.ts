/**
 * Looks at the built site in headless Chromium: opens pages, searches, follows a hit. Returns every console error, failed request,
 * and request that leaves this machine. Where no browser is installed, nothing is looked at.
 */
import { createReadStream, existsSync, statSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { extname, join, normalize } from "node:path"
import { chromium, type Page } from "playwright-core"

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
}

/** Serves a folder on loopback as a web server with clean addresses does. */
const serve = async (folder: string) => {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname))
    const file = [path, `${path}.html`, join(path, "index.html")]
      .map((name) => join(folder, name))
      .find((name) => existsSync(name) && statSync(name).isFile())
    const shown = file ?? join(folder, "404.html")
    response.writeHead(file === undefined ? 404 : 200, { "content-type": types[extname(shown)] ?? "text/plain" })
    createReadStream(shown).pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { origin: `http://127.0.0.1:${port}`, close }
}

/** Collects what goes wrong on a page. */
const watch = (page: Page, origin: string): ReadonlyArray<string> => {
  const problems: Array<string> = []
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console error: ${message.text()} (${message.location().url})`)
  })
  page.on("pageerror", (error) => problems.push(`uncaught error: ${error.message}`))
  page.on("requestfailed", (request) => {
    // A page that is left no longer needs what it has prefetched.
    const reason = request.failure()?.errorText
    if (reason !== "net::ERR_ABORTED") problems.push(`failed request: ${request.url()} ${reason}`)
  })
  page.on("request", (request) => {
    const stays = request.url().startsWith(origin) || request.url().startsWith("data:")
    if (!stays) problems.push(`request to another machine: ${request.url()}`)
  })
  return problems
}

const missingOn = async (page: Page, text: string): Promise<ReadonlyArray<string>> =>
  (await page.locator("body").innerText()).includes(text) ? [] : [`${page.url()} does not show "${text}"`]

/** Searches for a word and follows the first hit. */
const search = async (page: Page, word: string): Promise<void> => {
  await page.locator(".VPNavBarSearchButton, .DocSearch-Button, #local-search button").first().click()
  await page.locator("#localsearch-input, input[type=search]").first().fill(word)
  const hit = page.locator("#localsearch-list a, .results a").first()
  await hit.waitFor()
  await hit.click()
  await hit.waitFor({ state: "hidden" })
  await page.waitForLoadState("networkidle")
}

export interface Tour {
  /** Texts by the paths of the pages that show them. */
  readonly pages: Readonly<Record<string, string>>
  /** A word to search for. Its first hit shows it. */
  readonly word?: string
}

/** Returns what is wrong with the site in `folder`. */
export const problemsInBrowser = async (
  folder: string,
  executablePath: string,
  { pages, word }: Tour,
): Promise<ReadonlyArray<string>> => {
  const { origin, close } = await serve(folder)
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(60_000)
    const problems = watch(page, origin)
    const missing: Array<string> = []
    for (const [path, text] of Object.entries(pages)) {
      await page.goto(`${origin}${path}`, { waitUntil: "networkidle" })
      missing.push(...(await missingOn(page, text)))
    }
    if (word !== undefined) {
      await search(page, word)
      missing.push(...(await missingOn(page, word)))
    }
    return [...missing, ...problems]
  } finally {
    await browser.close()
    close()
  }
}
