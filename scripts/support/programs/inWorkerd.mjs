/** Runs the bundle of worker.mjs in workerd. */
import { Miniflare } from "miniflare"

const miniflare = new Miniflare({
  modules: true,
  scriptPath: "worker.bundle.mjs",
  compatibilityDate: "2026-06-01",
  bindings: { SUPPORT: process.env.SUPPORT },
})
const response = await miniflare.dispatchFetch("http://localhost/")
console.log(await response.text())
await miniflare.dispose()
