/** Every changeset can be read, and what changed since `main` has one. */
import { run } from "./command.ts"
import { conclude, skip } from "./verdict.ts"

const { code: known } = await run(["git", "rev-parse", "--verify", "--quiet", "main"])

if (known !== 0) {
  skip("this checkout has no branch main to compare with")
} else {
  const { code, output } = await run(["changeset", "status"], { env: { NO_COLOR: "1" } })
  conclude(code === 0 ? [] : [output.trim()], "what changed has a changeset")
}
