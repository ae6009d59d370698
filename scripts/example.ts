/**
 * Runs one of the examples on the workspace's Node:
 *
 *     npm run example quick-start
 */
import { spawn } from "node:child_process"
import { files, root } from "./workspace.ts"

const names = files("examples/*.ts").map((file) => file.replace(/^examples\/|\.ts$/g, ""))
const [, , name = "", ...args] = process.argv

if (names.includes(name)) {
  const example = spawn(process.execPath, ["--conditions=@openretl/source", `${root}/examples/${name}.ts`, ...args], {
    stdio: "inherit",
  })
  // The terminal interrupts the example, too. A SIGTERM reaches only this process, which passes it on.
  process.on("SIGINT", () => {})
  process.on("SIGTERM", () => example.kill("SIGTERM"))
  example.on("close", (code) => {
    process.exitCode = code ?? 1
  })
} else {
  const problem = name === "" ? "Name an example" : `Unknown example ${JSON.stringify(name)}`
  console.error(`${problem}. The examples are ${names.join(", ")}`)
  process.exitCode = 2
}
