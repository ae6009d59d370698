/** Looks for a secret in everything that can be reached from a value. */

const maxVisits = 200_000

/** The way to the first place where the secret can be read, or nothing. */
export const find = (secret: string, root: unknown): string | undefined => {
  const visited = new Set<object>()
  const waiting: Array<{ readonly value: unknown; readonly path: string }> = [{ value: root, path: "value" }]
  for (let visits = 0; visits < maxVisits; visits++) {
    const next = waiting.pop()
    if (next === undefined) return undefined
    const { value, path } = next
    if (typeof value === "string" && value.includes(secret)) return path
    if (typeof value === "symbol" && String(value).includes(secret)) return path
    if ((typeof value !== "object" && typeof value !== "function") || value === null || visited.has(value)) continue
    visited.add(value)
    if (value instanceof Uint8Array && new TextDecoder().decode(value).includes(secret)) return path
    if (value instanceof Map || value instanceof Set)
      waiting.push({ value: Array.from(value), path: `${path}.entries` })
    for (const [name, shown] of renderings(value)) if (shown.includes(secret)) return `${path}.${name}()`
    for (const key of Reflect.ownKeys(value)) {
      const name = String(key)
      if (name.includes(secret)) return `${path} (a key)`
      waiting.push({ value: read(value, key), path: `${path}.${name}` })
    }
  }
  throw new Error("the value is too large to be searched for secrets")
}

/** What Node's `inspect`, and with it `console`, asks a value for. */
const inspection = Symbol.for("nodejs.util.inspect.custom")

/** How the value shows itself. */
const renderings = (value: object): ReadonlyArray<readonly [string, string]> => {
  const shown: Array<readonly [string, string]> = []
  for (const name of ["toString", "toJSON", "message", "stack", inspection]) {
    try {
      const member: unknown = Reflect.get(value, name)
      const made: unknown = typeof member === "function" ? Reflect.apply(member, value, []) : member
      shown.push([String(name), typeof made === "string" ? made : (JSON.stringify(made) ?? "")])
    } catch {
      // What cannot be shown shows nothing.
    }
  }
  return shown
}

const read = (value: object, key: PropertyKey): unknown => {
  try {
    return Reflect.get(value, key)
  } catch {
    return undefined
  }
}
