import { readFileSync } from "node:fs"
import { expect, it } from "@effect/vitest"
import { RudderStackSwitches, SegmentSwitches, ZeotapSwitches } from "@openretl/emulator"
import type { Switches } from "@openretl/emulator/Switch"

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")

const table = (title: string, switches: Switches): string => {
  const rows = Object.entries(switches).map(([name, entry]) => {
    const values = [entry.default, ...entry.values.filter((value) => value !== entry.default)]
    return `| \`${name}\` | ${values.map((value) => `\`${value}\``).join(", ")} | ${entry.note} |`
  })
  return [`### ${title}`, "", "| Switch | Values | What is not known |", "| --- | --- | --- |", ...rows, ""].join("\n")
}

it("the README's tables are the switches", () => {
  const expected = [
    table("Segment", SegmentSwitches),
    table("RudderStack", RudderStackSwitches),
    table("Zeotap", ZeotapSwitches),
  ].join("\n")
  const [, actual] = /<!-- switches -->\n([\s\S]*)<!-- \/switches -->/.exec(read("../README.md")) ?? []
  expect(actual).toBe(expected)
})

it("the README's example is the one that runs", () => {
  const [, actual] = /```ts\n([\s\S]*?)```/.exec(read("../README.md")) ?? []
  expect(actual).toBe(read("./example.test.ts"))
})
