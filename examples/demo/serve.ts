/**
 * The three emulated vendors as a process of their own, for the demo to be pointed at:
 *
 *     node --conditions=@openretl/source examples/demo/serve.ts --write demo.json
 *
 * It writes a configuration file that holds no token, prints the tokens as `export` lines, and serves until it is stopped.
 * What comes after `--` is run with the tokens in its environment instead, and serving ends with it:
 *
 *     node --conditions=@openretl/source examples/demo/serve.ts --write demo.json -- \
 *       node --conditions=@openretl/source examples/demo/main.ts --config demo.json
 *
 * `--speed 2` makes two emulated seconds of one (10 when absent); `--ports 4001,4002,4003` are those of Segment,
 * RudderStack and Zeotap (any that are free when absent).
 */
import { spawn } from "node:child_process"
import { writeFile } from "node:fs/promises"
import { parseArgs } from "node:util"
import { Cause, Effect, Exit, Result } from "effect"
import * as Stage from "./stage.ts"

interface Wish extends Stage.Options {
  readonly file: string
  readonly command: ReadonlyArray<string>
}

const read = (argv: ReadonlyArray<string>): Result.Result<Wish, string> => {
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
    const [segment, rudderstack, zeotap, ...more] = (values.ports?.split(",") ?? []).map(Number)
    const ports = [segment, rudderstack, zeotap].filter((port) => port !== undefined && isPort(port))
    if (values.ports !== undefined && (ports.length !== 3 || more.length > 0)) {
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

/** Resolves with the exit code of the command, or never where there is none. */
const attend = ({ command }: Wish, env: Stage.Stage["env"]): Effect.Effect<number> => {
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

const serve = Effect.fnUntraced(function* (wish: Wish) {
  const stage = yield* Stage.make(wish)
  yield* Effect.promise(() => writeFile(wish.file, `${JSON.stringify(stage.document, undefined, 2)}\n`))
  if (wish.command.length === 0) {
    const exports = Object.entries(stage.env).map(([name, token]) => `export ${name}=${token}`)
    process.stdout.write(`${[...exports, `# serving; the configuration is in ${wish.file}`].join("\n")}\n`)
  }
  return yield* attend(wish, stage.env)
}, Effect.scoped)

const wish = read(process.argv.slice(2))
if (Result.isFailure(wish)) {
  process.stderr.write(`${wish.failure}\n`)
  process.exitCode = 2
} else {
  const stopping = new AbortController()
  // A command of our own hears the terminal's signals itself; serving ends when it does.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => wish.success.command.length === 0 && stopping.abort())
  }
  const exit = await Effect.runPromiseExit(serve(wish.success), { signal: stopping.signal })
  if (Exit.isSuccess(exit)) process.exitCode = exit.value
  else if (!Cause.hasInterruptsOnly(exit.cause)) {
    const error = Cause.squash(exit.cause)
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
