import { expect, it } from "vitest"
import { quickStartsIn } from "../consumer/quickStart.ts"

const readme = (code: string) =>
  `# Name\n\n## Install\n\n\`\`\`sh\nnpm i\n\`\`\`\n\n## Quick start\n\nWords.\n\n\`\`\`ts\n${code}\n\`\`\`\n`

it("the quick start is the first TypeScript block under its heading, and runs its last declaration", () => {
  expect(quickStartsIn("README.md", readme("const shop = 1\nexport const program = 1"))[0]?.program).toMatch(
    /^const shop = 1\nexport const program = 1\n\nawait .*runPromise\(program\)\n$/,
  )
  expect(quickStartsIn("README.md", readme("Effect.runPromise(program)"))[0]?.program).toBe(
    "Effect.runPromise(program)\n",
  )
})

it("the environment has the variables and ids that the program reads", () => {
  const code = 'syncRef("shop", { connection: "c1" }); Config.Redacted("A_TOKEN"); Config.String("A_REGION")'
  const env = quickStartsIn("README.md", readme(code))[0]?.env
  expect(env).toMatchObject({ A_REGION: "us", QUICK_START_IDS: '{"connection":"c1"}' })
  expect(env?.["A_TOKEN"]).toBe(env?.["QUICK_START_TOKEN"])
})

it("a quick start in promises runs as it is, and one with Effect is distinguished", () => {
  const promises = "const crm = await open({})\nconst { run } = await crm.run(orders)"
  const found = quickStartsIn(
    "README.md",
    `${readme(promises)}\n### Quick start with Effect\n\n\`\`\`ts\nconst a = 1\n\`\`\`\n`,
  )
  expect(found.map(({ withEffect }) => withEffect)).toEqual([false, true])
  expect(found[0]?.program).toBe(`${promises}\n`)
})

it("a block under another heading is not a quick start", () => {
  expect(quickStartsIn("README.md", "## Quick start\n\nSee below.\n\n## More\n\n```ts\n1\n```\n")).toEqual([])
})
