import { readFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"
import * as Control from "@openretl/emulator/Control"
import { Effect } from "effect"
import { startCommand } from "./command.ts"

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")

const page = read("../../../docs/served-emulator.md")

/** The blocks of code in one language. */
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, code]) => code ?? "")

it.live("the page's command takes the requests, and refuses, as the page shows", () =>
  Effect.gen(function* () {
    const [command = ""] = blocks("sh").filter((text) => text.startsWith("npx openretl-emulator"))
    const words = [...command.replace("npx ", "").matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word)
    const { url, ...served } = yield* startCommand(words.slice(1).map((word) => (word === "4010" ? "0" : word)))
    expect(served).toMatchObject({ vendor: "rudderstack", control: `${url}${Control.path}`, syncs: [{}] })
    const send = (method: string, path: string, body: string) =>
      Effect.promise(() => fetch(`${url}${path}`, { method, ...(method === "POST" && { body }) }))

    const [requests = ""] = blocks("http")
    const shown = requests.trim().split("\n\n")
    expect(shown).toHaveLength(4)
    for (const request of shown) {
      const [, method = "", path = "", body = ""] = /^(\w+) (\S+)\n?([\s\S]*)$/.exec(request) ?? []
      const { status } = yield* send(method, path, body)
      expect(`${method} ${path} ${status}`).toBe(`${method} ${path} 200`)
    }

    const [refusal = ""] = blocks("json")
    const body = JSON.stringify({ faults: [{ operation: "start", kind: "never", times: 0 }] })
    const response = yield* send("POST", `${Control.path}/addFaults`, body)
    expect(response.status).toBe(400)
    expect(yield* Effect.promise(() => response.json())).toEqual(JSON.parse(refusal))
  }).pipe(Effect.scoped),
)

it("the page lists every command", () => {
  for (const [name, { method }] of Object.entries(Control.commands)) {
    expect(page).toMatch(new RegExp(method === "GET" ? `\\| \`GET ${name}\` ` : `\\|.* \`${name}\`.* \\|`))
  }
})
