/**
 * Does what a user does first: installs the packed packages with npm in an empty project outside this repository,
 * type-checks the quick starts of the READMEs under `strict`, and runs them against the emulators, in the short form one of
 * each adapter. npm needs the network for `effect` and `typescript`; OPENRETL_OFFLINE=1 skips the check. It runs again only
 * when its inputs change.
 */
import { createHash } from "node:crypto"
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { adapterFolders } from "./adapters.ts"
import { npmInstall, run } from "./command.ts"
import { commandLineProblems } from "./consumer/commandLine.ts"
import { type QuickStart, quickStartsIn } from "./consumer/quickStart.ts"
import { strangerProblems } from "./consumer/stranger.ts"
import { isLong } from "./forms.ts"
import { conclude, skip } from "./verdict.ts"
import { cache, catalogVersion, files, read, root, tarballOf } from "./workspace.ts"

const readmes = ["README.md", ...adapterFolders.map((name) => `packages/${name}/README.md`)]

const installed = ["core", ...adapterFolders, "emulator", "conformance", "journal-sql", "cli"]

const stamp = join(cache, "consumer")

const main = async (): Promise<void> => {
  if (process.env["OPENRETL_OFFLINE"] !== undefined) return skip("OPENRETL_OFFLINE is set")
  const tarballs = Object.fromEntries(installed.map((name) => [`@openretl/${name}`, tarballOf(name)]))
  const quickStarts = readmes.flatMap((readme) =>
    existsSync(join(root, readme)) ? quickStartsIn(readme, read(readme)) : [],
  )
  const missing = readmes.flatMap((path) =>
    [false, true]
      .filter((effect) => !quickStarts.some(({ readme, withEffect }) => readme === path && withEffect === effect))
      .map((effect) => `${path}: no TypeScript block under a heading "Quick start${effect ? " with Effect" : ""}"`),
  )

  const inputs = fingerprint([...Object.values(tarballs), ...checkFiles], quickStarts)
  if (missing.length === 0 && existsSync(stamp) && readFileSync(stamp, "utf8") === inputs) {
    return conclude([], `${quickStarts.length} quick starts, as in the last run: nothing changed since`)
  }
  const project = mkdtempSync(join(tmpdir(), "openretl-consumer-"))
  try {
    const problems = [...missing, ...(await projectProblems(project, tarballs, quickStarts))]
    conclude(
      problems,
      `${quickStarts.length} quick starts type-check, ${started(quickStarts).length} of them run, and so do the command line and a stranger's adapter`,
    )
    if (problems.length === 0) writeFileSync(stamp, inputs)
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
}

/** What decides how the check is done. */
const checkFiles = files("scripts/consumer.ts", "scripts/consumer/*.ts").map((path) => join(root, path))

const fingerprint = (paths: ReadonlyArray<string>, quickStarts: ReadonlyArray<QuickStart>): string => {
  const hash = createHash("sha256").update(JSON.stringify([process.version, isLong, fromCatalog, quickStarts]))
  for (const path of paths) hash.update(readFileSync(path))
  return hash.digest("hex")
}

const projectProblems = async (
  project: string,
  tarballs: Readonly<Record<string, string>>,
  quickStarts: ReadonlyArray<QuickStart>,
): Promise<ReadonlyArray<string>> => {
  const write = (name: string, content: unknown) =>
    writeFileSync(join(project, name), JSON.stringify(content, undefined, 2))
  const local = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]))
  write("package.json", { private: true, type: "module", dependencies: { ...local, ...fromCatalog } })
  write("tsconfig.json", { compilerOptions, include: ["*.ts"] })
  copyFileSync(join(root, "scripts/consumer/emulated.ts"), join(project, "emulated.ts"))
  for (const quickStart of quickStarts) writeFileSync(join(project, fileOf(quickStart)), quickStart.program)

  const install = await npmInstall(project)
  if (install.code !== 0) {
    return [`npm install failed; without a network, OPENRETL_OFFLINE=1 skips this check\n${install.output.trim()}`]
  }
  const types = await run([join(project, "node_modules", ".bin", "tsc"), "-p", "."], { cwd: project })
  if (types.code !== 0) return [`the quick starts do not type-check\n${types.output.trim()}`]

  const problems = await Promise.all(started(quickStarts).map((quickStart) => problemOf(project, quickStart)))
  return [
    ...problems.filter((problem) => problem !== undefined),
    ...(await commandLineProblems(project)),
    ...(await strangerProblems(project)),
  ]
}

/** Returns those that run: of the README both; of each adapter's one in the short form, in turn with Effect and without. */
const started = (quickStarts: ReadonlyArray<QuickStart>): ReadonlyArray<QuickStart> =>
  quickStarts.filter(
    ({ readme, withEffect }) => isLong || readme === "README.md" || withEffect === (readmes.indexOf(readme) % 2 === 0),
  )

/** Named after the README, so that the compiler's messages point there. */
const fileOf = ({ readme, withEffect }: QuickStart): string =>
  `${readme.replaceAll("/", "-")}${withEffect ? "-effect" : ""}.ts`

const problemOf = async (project: string, quickStart: QuickStart): Promise<string | undefined> => {
  const command = ["node", "--import", "./emulated.ts", fileOf(quickStart)]
  const { code, output } = await run(command, { cwd: project, env: quickStart.env, limit: 60 })
  const runs = output.match(/^emulated .*$/gm) ?? []
  const finished = runs.length > 0 && runs.every((run) => run.endsWith("finished"))
  return code === 0 && finished
    ? undefined
    : `${quickStart.readme}: the quick start ended with code ${code}, runs started: ${runs.length}\n${output.trim()}`
}

const compilerOptions = {
  strict: true,
  noEmit: true,
  target: "es2022",
  module: "nodenext",
  types: ["node"],
}

/** What the project needs besides the packages, in the versions of this workspace. */
const fromCatalog = Object.fromEntries(
  ["effect", "typescript", "@types/node", "vitest"].map((name) => [name, catalogVersion(name)]),
)

await main()
