/** Which browser of this machine can look at the site. */
import { existsSync } from "node:fs"

/** The browser of this machine: that of `CHROMIUM`, else an installed one. */
export const installedBrowser = (): string | undefined =>
  [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
    (path) => path !== undefined && existsSync(path),
  )
