/**
 * Lists every endpoint of the clients: its function, its source, and the tests that call it against the emulator. The title
 * of such a test begins with the endpoint, as in `GET /reverse-etl-models: ...`.
 */
import { files, read } from "../scripts/workspace.ts"
import { documented } from "./adapters/all.ts"

/** Matches a test whose title begins with an endpoint, also one of `it.each`, with its body up to the next test. */
const test = /\(\s*["'`]((?:GET|POST|PUT|PATCH|DELETE) \/[^\s:]*): ((?:(?!\n {0,2}(?:it|test|describe)\b)[\s\S])*)/g

interface Test {
  readonly path: string
  readonly body: string
}

/** Returns a vendor's tests, by the endpoint at the beginning of their titles. */
const testsOf = (folder: string): ReadonlyMap<string, ReadonlyArray<Test>> =>
  Map.groupBy(
    files(`packages/${folder}/test/*.test.ts`).flatMap((path) =>
      [...read(path).matchAll(test)].map(([, endpoint = "", body = ""]) => ({ endpoint, path, body })),
    ),
    ({ endpoint }) => endpoint,
  )

export interface EndpointsPage {
  readonly text: string
  /** One for each row without a test, and for each test whose endpoint is in no row. */
  readonly problems: ReadonlyArray<string>
}

/** Returns the page `docs/endpoints.md`. */
export const endpointsPage = (): EndpointsPage => {
  const problems: Array<string> = []
  const sections = documented.map(({ folder, title, endpoints: { rows, note } }) => {
    const tests = testsOf(folder)
    const listed = new Set(rows.map(([endpoint]) => endpoint))
    for (const endpoint of tests.keys()) {
      if (!listed.has(endpoint)) problems.push(`${folder}: a test names ${endpoint}, which is in no row`)
    }
    const lines = rows.map(([endpoint, name, source]) => {
      // The title is not enough: the body of the test must call the function.
      const callers = (tests.get(endpoint) ?? []).filter(({ body }) => new RegExp(`\\b${name}\\b`).test(body))
      if (callers.length === 0) problems.push(`${folder}: no test that begins with "${endpoint}: " calls ${name}`)
      const paths = Array.from(new Set(callers.map(({ path }) => path)))
      const links = paths.map((path) => `[${path.replace(/.*\//, "")}](../${path})`).join(", ")
      return `| \`${endpoint}\` | \`${name}\` | ${source} | ${links} |`
    })
    return [
      `## ${title}`,
      "",
      note,
      "",
      "| Endpoint | Function | Source | Tests |",
      "| --- | --- | --- | --- |",
      ...lines,
    ]
  })
  const head = [
    "# Endpoints",
    "",
    "Every endpoint that our typed clients call. `npm run docs` prints this page from the code; do not edit it.",
    "`documented`: the vendor documents the endpoint. `seen`: only the vendor's own clients call it. Each list is also a lazy",
    "stream: `streamModels` reads the pages of `listModels`. The tests run against the emulator; the check fails for an",
    "endpoint without a test.",
    "",
  ]
  return { text: `${[...head, ...sections.flatMap((section) => [...section, ""])].join("\n").trimEnd()}\n`, problems }
}
