/** The syntax trees of TypeScript files: reading one, and walking over what runs. */
import { parseAst } from "vitest/node"

/** A node of a syntax tree. Its other fields go by its type, as ESTree names them. */
export interface Node {
  readonly type: string
  /** Where its text begins and ends. */
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, "type") === "string"

/** Returns the child in a field; fails where there is none. */
export const child = (node: Node, field: string): Node => {
  const value = node[field]
  if (!isNode(value)) throw new Error(`${node.type} has no ${field}`)
  return value
}

/** Returns the children in a field that has several. */
export const childrenIn = (node: Node, field: string): ReadonlyArray<Node> => {
  const value = node[field]
  return Array.isArray(value) ? value.filter(isNode) : []
}

export const parse = (text: string): Node => {
  const tree: unknown = parseAst(text, { lang: "ts" })
  if (!isNode(tree)) throw new Error("Expected a syntax tree")
  return tree
}

/** Expressions of TypeScript that have an expression which runs. */
const typed = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"])

/** Returns the children of a node that run, in the order of the text. Types and imports do not run. */
export const children = (node: Node): ReadonlyArray<Node> => {
  if (typed.has(node.type)) return [child(node, "expression")]
  if (node.type.startsWith("TS") || /^(?:ImportDeclaration|ExportSpecifier)$/.test(node.type)) return []
  if (node["shorthand"] === true) return [child(node, "value")]
  return Object.entries(node)
    .flatMap(([field, value]) =>
      /^(?:typeAnnotation|returnType|typeParameters|typeArguments|superTypeArguments)$/.test(field)
        ? []
        : [value].flat(),
    )
    .filter(isNode)
    .sort((one, other) => one.start - other.start)
}

export const isFunction = ({ type }: Node): boolean =>
  type === "ArrowFunctionExpression" || type === "FunctionExpression" || type === "FunctionDeclaration"
