/**
 * Checks that every public name has a doc comment: each export that the `exports` of a package lead to, and each function
 * and each optional field of exported interfaces, classes and object types.
 *
 *     node scripts/documented.ts
 */
import { join } from "node:path"
import { publicNames } from "./documented/publicNames.ts"
import { conclude } from "./verdict.ts"
import { packages, root } from "./workspace.ts"

const names = packages.flatMap((name) => publicNames(root, join(root, "packages", name)))
const missing = names.filter(({ isDocumented }) => !isDocumented)

conclude(
  missing.map(({ file, line, name }) => `${file}:${line}: ${name} has no doc comment`),
  `${names.length} public names have a doc comment`,
)
