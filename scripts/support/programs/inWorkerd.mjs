/** Runs the bundle of worker.mjs in workerd. */
import { readFileSync } from "node:fs"
import { Miniflare } from "miniflare"

const miniflare = new Miniflare({
  // Listed, so that Miniflare does not look for what the bundle imports by name: the journal in SQLite, which a worker has not.
  modules: [{ type: "ESModule", path: "worker.mjs", contents: readFileSync("worker.bundle.mjs", "utf8") }],
  compatibilityDate: "2026-06-01",
  bindings: { SUPPORT: process.env.SUPPORT },
})
const response = await miniflare.dispatchFetch("http://localhost/")
console.log(await response.text())
await miniflare.dispose()
