/** Checks the tarballs of the published packages: publint, are-the-types-wrong, and which files they contain. */
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { adapterFolders } from "./adapters.ts"
import { run } from "./command.ts"
import { isLong } from "./forms.ts"
import { conclude } from "./verdict.ts"
import { packed } from "./workspace.ts"

const required = ["package.json", "README.md", "LICENSE", "dist/index.js", "dist/index.d.ts", "src/index.ts"]

const expected =
  /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|openretl\.schema\.json|dist\/.+\.(?:js|d\.ts)(?:\.map)?|(?:src|example)\/.+\.ts)$/

/** Words that mean something in this workspace only. */
const workspaceWords = ["@openretl/source", "workspace:", "catalog:", '"scripts"']

const contentProblems = async (tarball: string): Promise<ReadonlyArray<string>> => {
  const listing = await run(["tar", "-tf", tarball])
  const names = listing.stdout
    .split("\n")
    .filter((line) => line !== "" && !line.endsWith("/"))
    .map((line) => line.replace(/^package\//, ""))
  const { stdout: manifest } = await run(["tar", "-xOf", tarball, "package/package.json"])
  return [
    ...required.filter((name) => !names.includes(name)).map((name) => `lacks ${name}`),
    ...names.filter((name) => !expected.test(name)).map((name) => `contains ${name}`),
    ...workspaceWords.filter((word) => manifest.includes(word)).map((word) => `package.json mentions ${word}`),
  ]
}

const toolProblems = async (command: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const { code, output } = await run(command, { env: { NO_COLOR: "1" } })
  return code === 0 ? [] : [output.trim()]
}

/** The adapters' exports maps are alike, which the step `anatomy` checks: the short form looks at the types of one. */
const alike = isLong ? [] : adapterFolders.slice(1)

const problems: Array<string> = []
const tarballs = readdirSync(packed)
for (const name of tarballs) {
  const tarball = join(packed, name)
  const results = await Promise.all([
    contentProblems(tarball),
    toolProblems(["publint", "run", tarball, "--strict"]),
    alike.some((adapter) => name.startsWith(`openretl-${adapter}-`))
      ? []
      : toolProblems(["attw", tarball, "--profile", "esm-only", "--no-emoji"]),
  ])
  problems.push(...results.flat().map((problem) => `${name}: ${problem}`))
}

conclude(problems, `${tarballs.length} tarballs`)
