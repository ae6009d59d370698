/** Every changeset is valid, and packages that changed since `main` have one. */
import { run } from "./command.ts"
import { conclude, skip } from "./verdict.ts"

const { code: noMain } = await run(["git", "rev-parse", "--verify", "--quiet", "main"])

if (noMain !== 0) {
  skip("this checkout has no branch main to compare with")
} else {
  const { code, output } = await run(["changeset", "status"], { env: { NO_COLOR: "1" } })
  conclude(code === 0 ? [] : [output.trim()], "packages that changed have a changeset")
}
