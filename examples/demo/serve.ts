/**
 * Serves the three emulated vendors from a separate process, for the demo to run against:
 *
 *     node --conditions=@openretl/source examples/demo/serve.ts --write demo.json
 *
 * It writes a configuration file without tokens, prints the tokens as `export` lines, and serves until it is stopped.
 * A command after `--` runs with the tokens in its environment instead; serving ends when the command ends:
 *
 *     node --conditions=@openretl/source examples/demo/serve.ts --write demo.json -- \
 *       node --conditions=@openretl/source examples/demo/main.ts --config demo.json
 *
 * `--speed 2` emulates two seconds in one real second (default: 10). `--ports 4001,4002,4003` are the ports of Segment,
 * RudderStack and Zeotap (default: any free ports).
 */
import { spawn } from "node:child_process"
import { writeFile } from "node:fs/promises"
import { parseArgs } from "node:util"
import { Cause, Effect, Exit, Result } from "effect"
import * as Stage from "./stage.ts"

interface Args extends Stage.Options {
  /** Where the configuration file is written. */
  readonly file: string
  /** The command to run while serving; empty to serve until stopped. */
  readonly command: ReadonlyArray<string>
}

const decode = (argv: ReadonlyArray<string>): Result.Result<Args, string> => {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        write: { type: "string", default: "demo.json" },
        speed: { type: "string", default: "10" },
        ports: { type: "string" },
      },
    })
    const speed = Number(values.speed)
    if (!(speed > 0 && speed <= 100_000)) return Result.fail("--speed: Expected a number above 0")
    const [segment, rudderstack, zeotap, ...extraPorts] = (values.ports?.split(",") ?? []).map(Number)
    const ports = [segment, rudderstack, zeotap].filter((port) => port !== undefined && isPort(port))
    if (values.ports !== undefined && (ports.length !== 3 || extraPorts.length > 0)) {
      return Result.fail("--ports: Expected three ports, as in 4001,4002,4003")
    }
    const [first, second, third] = ports
    return Result.succeed({
      file: values.write,
      speed,
      command: positionals,
      ...(first !== undefined && second !== undefined && third !== undefined && { ports: [first, second, third] }),
    })
  } catch (error) {
    return Result.fail(error instanceof Error ? error.message : String(error))
  }
}

const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65_536

/** Runs the command and returns its exit code. Never returns without a command. */
const runCommand = ({ command }: Args, env: Stage.Stage["env"]): Effect.Effect<number> => {
  const [program, ...args] = command
  if (program === undefined) return Effect.never
  return Effect.callback<number>((resume) => {
    const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...env } })
    child.once("error", (error) => {
      process.stderr.write(`${error.message}\n`)
      resume(Effect.succeed(127))
    })
    child.once("exit", (code) => resume(Effect.succeed(code ?? 1)))
    return Effect.sync(() => void child.kill())
  })
}

const serve = Effect.fnUntraced(function* (args: Args) {
  const stage = yield* Stage.make(args)
  yield* Effect.promise(() => writeFile(args.file, `${JSON.stringify(stage.document, undefined, 2)}\n`))
  if (args.command.length === 0) {
    const exports = Object.entries(stage.env).map(([name, token]) => `export ${name}=${token}`)
    process.stdout.write(`${[...exports, `# serving: the configuration is in ${args.file}`].join("\n")}\n`)
  }
  return yield* runCommand(args, stage.env)
}, Effect.scoped)

const args = decode(process.argv.slice(2))
if (Result.isFailure(args)) {
  process.stderr.write(`${args.failure}\n`)
  process.exitCode = 2
} else {
  const stopping = new AbortController()
  // The terminal signals the command as well, and serving ends with the command.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => args.success.command.length === 0 && stopping.abort())
  }
  const exit = await Effect.runPromiseExit(serve(args.success), { signal: stopping.signal })
  if (Exit.isSuccess(exit)) process.exitCode = exit.value
  else if (!Cause.hasInterruptsOnly(exit.cause)) {
    const error = Cause.squash(exit.cause)
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
