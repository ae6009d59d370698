/** The operators: what is changed in a program to see whether a test notices. */
import { child, childrenIn, isNode, type Node } from "./syntax.ts"

/** One change of a node. */
export interface Change {
  /** The name of the operator. */
  readonly operator: string
  /** Returns the text that replaces the node's; `text` returns the text of a part of it. */
  readonly replacement: (text: (node: Node) => string) => string
}

const comparisons: Readonly<Record<string, ReadonlyArray<string>>> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
}

const arithmetic: Readonly<Record<string, string>> = { "+": "-", "-": "+", "*": "/", "/": "*" }

/** Words of which one is written where another one belongs. */
const families: ReadonlyArray<ReadonlyArray<string>> = [
  ["not-sent", "refused", "unknown"],
  ["keyed", "vendor", "observed", "none"],
  ["claimed", "sent", "lost", "started", "finished", "not-started", "abandoned"],
  ["answered", "given-up"],
  ["lost-answer", "already-running"],
  ["joined", "adopted"],
]

/** Functions of Effect that add something to the effect that they get. */
const additions = new Set([
  "catch",
  "catchDefect",
  "catchIf",
  "catchTag",
  "delay",
  "ensuring",
  "ignore",
  "interruptible",
  "mapError",
  "onError",
  "onExit",
  "onInterrupt",
  "orElseSucceed",
  "provideService",
  "raceFirst",
  "retry",
  "tap",
  "timeoutOrElse",
])

/** Functions of core that return the effect that they get, and add something to it. */
const wrappers = new Set(["restore", "until", "whileOpen", "oneAtATime", "bounded"])

const isNamed = (node: Node, name: string): boolean => node.type === "Identifier" && node["name"] === name

/** Returns the last part of a callee's name, as in `until` of `closing.until`. */
const lastName = (callee: Node): string | undefined => {
  const named = callee.type === "MemberExpression" ? child(callee, "property") : callee
  return named.type === "Identifier" ? String(named["name"]) : undefined
}

/** Returns the name of a member of `Effect`; `undefined` for anything else. */
const effectName = (node: Node): string | undefined =>
  node.type === "MemberExpression" && isNamed(child(node, "object"), "Effect") ? lastName(node) : undefined

const isText = ({ type, value }: Node): boolean =>
  type === "TemplateLiteral" || (type === "Literal" && typeof value === "string")

const literal = (operator: string, text: string): Change => ({ operator, replacement: () => text })

const binary = (node: Node): ReadonlyArray<Change> => {
  const operator = String(node["operator"])
  const [left, right] = [child(node, "left"), child(node, "right")]
  const written = isText(left) || isText(right) ? undefined : arithmetic[operator]
  return [...(comparisons[operator] ?? []), ...(written === undefined ? [] : [written])].map((other) => ({
    operator: `${operator} becomes ${other}`,
    replacement: (text) => `${text(left)} ${other} ${text(right)}`,
  }))
}

const logical = (node: Node): ReadonlyArray<Change> => {
  const operator = String(node["operator"])
  const [left, right] = [child(node, "left"), child(node, "right")]
  if (operator === "??") {
    return [
      { operator: "?? never", replacement: (text) => text(left) },
      { operator: "?? always", replacement: (text) => text(right) },
    ]
  }
  const other = operator === "&&" ? "||" : "&&"
  return [{ operator: `${operator} becomes ${other}`, replacement: (text) => `${text(left)} ${other} ${text(right)}` }]
}

const value = ({ value }: Node): ReadonlyArray<Change> => {
  if (typeof value === "boolean") return [literal(`${value} becomes ${!value}`, String(!value))]
  if (typeof value === "number") return [literal("another number", String(value < 10 ? value + 1 : value * 2))]
  if (typeof value !== "string") return []
  const duration = /^(\d+) (\w+)$/.exec(value)
  if (duration !== null)
    return [literal("another duration", JSON.stringify(`${2 * Number(duration[1])} ${duration[2]}`))]
  return families.flatMap((family) => {
    const index = family.indexOf(value)
    return index < 0 ? [] : [literal("another word", JSON.stringify(family[(index + 1) % family.length]))]
  })
}

/** Functions of arrays and numbers that are easily taken for each other. */
const lookalikes = new Map([
  ["max", "min"],
  ["min", "max"],
  ["every", "some"],
  ["some", "every"],
  ["find", "findLast"],
  ["findLast", "find"],
])

const call = (node: Node): ReadonlyArray<Change> => {
  const callee = child(node, "callee")
  const name = lastName(callee)
  if (name === undefined || callee.type !== "MemberExpression") return []
  const object = child(callee, "object")
  const other = lookalikes.get(name)
  if (other !== undefined) {
    const args = (text: (node: Node) => string) => childrenIn(node, "arguments").map(text).join(", ")
    return [{ operator: `${name} becomes ${other}`, replacement: (text) => `${text(object)}.${other}(${args(text)})` }]
  }
  return name === "filter" ? [{ operator: "without filter", replacement: (text) => text(object) }] : []
}

const isPipe = (node: Node | undefined): boolean =>
  node?.type === "CallExpression" && lastName(child(node, "callee")) === "pipe"

/** Changes of a function that is called: it returns its argument as it was. */
const called = (callee: Node, parent: Node, isPiped: boolean): ReadonlyArray<Change> => {
  const args = childrenIn(parent, "arguments")
  const effect = effectName(callee)
  const name = lastName(callee) ?? ""
  if (effect === "andThen" && args.length === 2) return [literal("andThen without its first", "((_, it) => it)")]
  if (effect === "uninterruptibleMask") {
    return [literal("without uninterruptibleMask", "((use) => Effect.suspend(() => use((it) => it)))")]
  }
  if (effect === undefined ? !wrappers.has(name) : !additions.has(effect)) return []
  return [literal(`without ${name}`, isPiped ? "(() => (it) => it)" : "((it) => it)")]
}

const condition = (node: Node): ReadonlyArray<Change> =>
  node.type === "Literal" ? [] : [literal("always", "true"), literal("never", "false")]

const isTest = (node: Node, parent: Node | undefined): boolean =>
  (parent?.type === "IfStatement" || parent?.type === "ConditionalExpression") && parent["test"] === node

const update = (node: Node): ReadonlyArray<Change> => {
  const written = String(node["operator"])
  const other = written === "++" ? "--" : "++"
  return [
    {
      operator: `${written} becomes ${other}`,
      replacement: (text) => {
        const argument = text(child(node, "argument"))
        return node["prefix"] === true ? other + argument : argument + other
      },
    },
  ]
}

/** Where a node is. */
export interface Place {
  readonly parent: Node | undefined
  readonly grandparent: Node | undefined
  /** Whether it is a part of an optional chain. */
  readonly isChained: boolean
}

/** Returns the changes of a node. */
export const changesOf = (node: Node, place: Place): ReadonlyArray<Change> => {
  const { parent } = place
  const isDropped = parent?.type === "ExpressionStatement" && node.type !== "Literal"
  return [
    ...(isDropped ? [literal("dropped", "undefined")] : []),
    ...(isTest(node, parent) ? condition(node) : []),
    ...changesByType(node, place),
  ]
}

const changesByType = (node: Node, { parent, grandparent, isChained }: Place): ReadonlyArray<Change> => {
  if (parent?.type === "CallExpression" && parent["callee"] === node) {
    return isChained ? [] : called(node, parent, isPipe(grandparent))
  }
  switch (node.type) {
    case "BinaryExpression":
      return binary(node)
    case "LogicalExpression":
      return logical(node)
    case "UnaryExpression":
      return node["operator"] === "!"
        ? [{ operator: "! dropped", replacement: (text) => text(child(node, "argument")) }]
        : []
    case "Literal":
      return isKey(node, parent) ? [] : value(node)
    case "CallExpression":
      return isChained ? [] : call(node)
    case "UpdateExpression":
      return update(node)
    case "MemberExpression":
      return isPipe(parent) && additions.has(effectName(node) ?? "")
        ? [literal(`without ${effectName(node)}`, "((it) => it)")]
        : []
    default:
      return []
  }
}

/** Whether a literal decides nothing by itself: a key, the case of a `switch`, a side of a comparison that is mutated anyway. */
const isKey = (node: Node, parent: Node | undefined): boolean =>
  (parent?.type === "Property" && parent["key"] === node) ||
  (parent?.type === "SwitchCase" && parent["test"] === node) ||
  (parent?.type === "BinaryExpression" && typeof node["value"] === "string") ||
  (parent?.type === "Property" && isNode(parent["key"]) && isNamed(parent["key"], "discard"))
