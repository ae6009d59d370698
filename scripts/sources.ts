/** Checks the sources with oxlint: floors, circles, and what may not appear where (oxlint.config.ts). */
import { lint } from "./sources/lint.ts"
import { conclude } from "./verdict.ts"
import { root } from "./workspace.ts"

conclude(
  (await lint(root)).map(({ file, line, rule, message }) => `${file}:${line}: ${rule}: ${message}`),
  "oxlint",
)
