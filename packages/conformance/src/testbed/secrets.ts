/** Searches everything that can be reached from a value for secrets. */

const maxVisits = 200_000

/** Returns the path to the first place where a secret can be read, or `undefined` when there is no such place. */
export const find = (secrets: string | ReadonlyArray<string>, root: unknown): string | undefined => {
  const all = [secrets].flat()
  const shows = (text: string) => all.some((secret) => text.includes(secret))
  const visited = new Set<object>()
  const queue: Array<{ readonly value: unknown; readonly path: string }> = [{ value: root, path: "value" }]
  for (let visits = 0; visits < maxVisits; visits++) {
    const next = queue.pop()
    if (next === undefined) return undefined
    const { value, path } = next
    if (typeof value === "string" && shows(value)) return path
    if (typeof value === "symbol" && shows(String(value))) return path
    if ((typeof value !== "object" && typeof value !== "function") || value === null || visited.has(value)) continue
    visited.add(value)
    if (value instanceof Uint8Array && shows(new TextDecoder().decode(value))) return path
    if (value instanceof Map || value instanceof Set) queue.push({ value: Array.from(value), path: `${path}.entries` })
    for (const [name, text] of renderings(value)) if (shows(text)) return `${path}.${name}()`
    for (const key of Reflect.ownKeys(value)) {
      const name = String(key)
      if (shows(name)) return `${path} (a key)`
      queue.push({ value: memberOf(value, key), path: `${path}.${name}` })
    }
  }
  throw new Error("the value is too large to be searched for secrets")
}

/** The member that Node's `inspect`, and with it `console`, calls. */
const inspection = Symbol.for("nodejs.util.inspect.custom")

/** The members that make a text of a value, or have one. */
const renderers = ["toString", "toJSON", "message", "stack", inspection]

/** What plain values show themselves with: nothing but what is found in their members. */
const showsNothing: ReadonlySet<unknown> = new Set([Object, Array, Function].map(({ prototype }) => prototype.toString))

/** Whether the value shows itself with nothing but its members: an object or an array as JSON has them. */
const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return (
    (prototype === Object.prototype || prototype === Array.prototype) &&
    !renderers.some((name) => Object.hasOwn(value, name))
  )
}

/** Returns the texts that the value shows itself as, each with the name of the member that made it. */
const renderings = (value: object): ReadonlyArray<readonly [string, string]> => {
  if (isPlain(value)) return []
  const texts: Array<readonly [string, string]> = []
  for (const name of renderers) {
    try {
      const member: unknown = Reflect.get(value, name)
      if (member === undefined || showsNothing.has(member)) continue
      const rendering: unknown = typeof member === "function" ? Reflect.apply(member, value, []) : member
      texts.push([String(name), typeof rendering === "string" ? rendering : (JSON.stringify(rendering) ?? "")])
    } catch {
      // A member that throws shows nothing.
    }
  }
  return texts
}

const memberOf = (value: object, key: PropertyKey): unknown => {
  try {
    return Reflect.get(value, key)
  } catch {
    return undefined
  }
}
