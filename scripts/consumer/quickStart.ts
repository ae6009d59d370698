/** The quick start of a README, as a program that runs against the emulators. */

export interface QuickStart {
  /** Path of the README. */
  readonly readme: string
  readonly withEffect: boolean
  readonly program: string
  /** The environment variables that the program reads. */
  readonly env: Readonly<Record<string, string>>
}

const token = "token-of-the-emulators"
const workspaceId = "660e8400-e29b-41d4-a716-446655440000"

/** The first TypeScript block under each heading with "Quick start", as in "Quick start with Effect". */
const blocks = /^#+ (.*quick start.*)\n(?:(?!^#)[\s\S])*?^```(?:ts|typescript)\n([\s\S]*?)^```/gim

/** Returns the quick starts of a README: in promises, and with Effect. */
export const quickStartsIn = (readme: string, text: string): ReadonlyArray<QuickStart> =>
  [...text.matchAll(blocks)].map(([, heading = "", code = ""]) => ({
    readme,
    withEffect: /effect/i.test(heading),
    program: runnable(code),
    env: environment(code),
  }))

/** A block with Effect may leave it to the reader to run its program, the last thing that it declares. */
const runnable = (code: string): string => {
  const declared = [...code.matchAll(/^(?:export )?const (\w+) =/gm)].at(-1)?.[1]
  return declared === undefined || /^await |\brun(?:Promise|PromiseExit|Main|Fork)\b|= await /m.test(code)
    ? code
    : `${code}\nawait Effect.runPromise(${declared})\n`
}

const environment = (code: string): Readonly<Record<string, string>> => {
  const ids = Object.fromEntries(
    [
      ...code.matchAll(/\b(source|model|subscription|connection|sync|workspaceId): (?:Config\.succeed\()?"([^"]+)"/g),
    ].map(([, name = "", id = ""]) => [name, id]),
  )
  const names = [...code.matchAll(/"([A-Z]+(?:_[A-Z]+)+)"/g)].map(([, name = ""]) => name)
  return {
    ...Object.fromEntries(names.map((name) => [name, valueFor(name)])),
    QUICK_START_TOKEN: token,
    QUICK_START_WORKSPACE_ID: workspaceId,
    QUICK_START_IDS: JSON.stringify(ids),
  }
}

const valueFor = (name: string): string => {
  if (name.endsWith("REGION")) return "us"
  return name.endsWith("WORKSPACE_ID") ? workspaceId : token
}
