/** Runs another program and keeps what it prints. */
import { execa } from "execa"
import { root } from "./workspace.ts"

export interface Finished {
  /** `undefined` when the program was killed or did not start. */
  readonly code: number | undefined
  /** Both streams, in the order of their lines. A program that ended without an exit code has the reason at the end. */
  readonly output: string
  readonly stdout: string
}

export interface Options {
  /** @default the root of the workspace */
  readonly cwd?: string
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** Seconds until the program is killed. @default 600 */
  readonly limit?: number
}

/** The workspace's programs come before the machine's. A program that fails is a result, not an exception. */
export const run = async (command: ReadonlyArray<string>, options: Options = {}): Promise<Finished> => {
  const [program = "", ...args] = command
  const { cwd = root, env = {}, limit = 600 } = options
  const result = await execa(program, args, {
    cwd,
    env,
    localDir: root,
    preferLocal: true,
    stdin: "ignore",
    all: true,
    stripFinalNewline: false,
    timeout: limit * 1000,
    reject: false,
  })
  const { all, stdout, timedOut } = result
  const code = timedOut ? undefined : result.exitCode
  return { code, output: code === undefined ? `${all}\n${result.shortMessage}\n` : all, stdout }
}

/** The pnpm that runs this process, else the pinned version through npx. */
export const pnpm = (pinned: string): ReadonlyArray<string> =>
  process.env["npm_config_user_agent"]?.startsWith("pnpm/") ? ["pnpm"] : ["npx", "--yes", pinned]

/** Installs what the package.json of a folder names, as a user does. */
export const npmInstall = (folder: string): Promise<Finished> =>
  run(["npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"], { cwd: folder })
