import { expect, it } from "vitest"
import { quickStartIn } from "../consumer/quickStart.ts"

const readme = (code: string) =>
  `# Name\n\n## Install\n\n\`\`\`sh\nnpm i\n\`\`\`\n\n## Quick start\n\nWords.\n\n\`\`\`ts\n${code}\n\`\`\`\n`

it("the quick start is the first TypeScript block under its heading, and runs its last declaration", () => {
  expect(quickStartIn("README.md", readme("const shop = 1\nexport const program = 1"))?.program).toMatch(
    /^const shop = 1\nexport const program = 1\n\nawait .*runPromise\(program\)\n$/,
  )
  expect(quickStartIn("README.md", readme("Effect.runPromise(program)"))?.program).toBe("Effect.runPromise(program)\n")
})

it("the environment has the variables and ids that the program reads", () => {
  const code = 'syncRef("shop", { connection: "c1" }); Config.Redacted("A_TOKEN"); Config.String("A_REGION")'
  const env = quickStartIn("README.md", readme(code))?.env
  expect(env).toMatchObject({ A_REGION: "us", QUICK_START_IDS: '{"connection":"c1"}' })
  expect(env?.["A_TOKEN"]).toBe(env?.["QUICK_START_TOKEN"])
})

it("a block under another heading is not a quick start", () => {
  expect(quickStartIn("README.md", "## Quick start\n\nSee below.\n\n## More\n\n```ts\n1\n```\n")).toBeUndefined()
})
