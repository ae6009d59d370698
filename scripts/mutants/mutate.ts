/** The mutants of a file, and the file with all of them in it: each one sleeps until its number is chosen. */
import { type Change, changesOf, type Place } from "./operators.ts"
import { child, children, isFunction, type Node, parse } from "./syntax.ts"

/** One changed program. */
export interface Mutant {
  /** Counts from 1, over all files. */
  readonly number: number
  readonly area: string
  readonly file: string
  readonly operator: string
  /** The changed lines before and after, in one line each. */
  readonly before: string
  readonly after: string
  /** Whether the changed code runs when its module is loaded. */
  readonly isStatic: boolean
}

/** A file with its mutants. */
export interface Mutated {
  readonly mutants: ReadonlyArray<Mutant>
  /**
   * The text with all mutants: `__mutant(7) ? changed : original`. What runs when the module is loaded runs again whenever a
   * mutant is chosen, by `__again`.
   */
  readonly text: string
}

/** The longest line in the identity of a mutant. */
const maxLine = 200

const inOneLine = (text: string): string => {
  const line = text.trim().replace(/\s+/g, " ")
  return line.length <= maxLine ? line : `${line.slice(0, maxLine / 2)} … ${line.slice(-maxLine / 2)}`
}

/** Mutates a file. `first` is the number of its first mutant. */
export const mutate = (area: string, file: string, source: string, first: number): Mutated => {
  const mutants: Array<Mutant> = []
  /** The texts of the nodes below the current one, with their mutants. */
  const texts = new Map<Node, string>()
  const plain = (node: Node): string => source.slice(node.start, node.end)
  /** The text of a part as a reader writes it: in parentheses where it was. */
  const shown = (node: Node): string =>
    source[node.start - 1] === "(" && source[node.end] === ")" && /^(?:Binary|Logical|Conditional)/.test(node.type)
      ? `(${plain(node)})`
      : plain(node)

  const note = (node: Node, change: Change, isStatic: boolean): number => {
    const from = source.lastIndexOf("\n", node.start - 1) + 1
    const newline = source.indexOf("\n", node.end)
    const to = newline < 0 ? source.length : newline
    const head = source.slice(from, node.start)
    const tail = source.slice(node.end, to)
    const number = first + mutants.length
    mutants.push({
      ...{ number, area, file, isStatic, operator: change.operator },
      before: inOneLine(head + plain(node) + tail),
      after: inOneLine(head + change.replacement(shown) + tail),
    })
    return number
  }

  const render = (node: Node, place: Place, isStatic: boolean): string => {
    const { isChained } = place
    const isInside = isStatic && !isFunction(node)
    const partOf = (part: Node): string => {
      const isPartChained =
        (node.type === "ChainExpression" || isChained) && (node.type === "ChainExpression" || isLink(node, part))
      return render(part, { parent: node, grandparent: place.parent, isChained: isPartChained }, isInside)
    }
    const parts = new Map(children(node).map((part) => [part, partOf(part)]))
    const text = (part: Node): string => {
      const partText = texts.get(part) ?? plain(part)
      return part.type === "SpreadElement" ? partText : `(${partText})`
    }
    let rendered = ""
    let at = node.start
    for (const [part, partText] of parts) {
      if (part.start < at) throw new Error(`${node.type} has parts that overlap: ${plain(node)}`)
      rendered += source.slice(at, part.start) + partText
      at = part.end
    }
    rendered += source.slice(at, node.end)
    const numbered = changesOf(node, place).map((change) => ({ change, number: note(node, change, isStatic) }))
    const whole = isLoop(node)
      ? ticking(node, rendered, parts)
      : numbered.reduceRight(
          (rest, { change, number }) => `(__mutant(${number}) ? (${change.replacement(text)}) : ${rest})`,
          numbered.length === 0 ? rendered : `(${rendered})`,
        )
    texts.set(node, whole)
    return node.type === "ExpressionStatement" ? statementOf(whole, place.parent) : whole
  }

  /** No statement may go on with the parenthesis of the next one: the sources have no semicolons. */
  const statementOf = (text: string, parent: Node | undefined): string =>
    parent === undefined || parent.type === "BlockStatement" || parent.type === "SwitchCase" ? `;${text};` : `${text};`

  /** Counts the rounds of a loop: one that a mutant makes endless is ended. */
  const ticking = (node: Node, rendered: string, parts: ReadonlyMap<Node, string>): string => {
    const body = child(node, "body")
    const bodyText = parts.get(body) ?? plain(body)
    const at = rendered.lastIndexOf(bodyText)
    return `${rendered.slice(0, at)}{ __mutant(0); ${bodyText} }${rendered.slice(at + bodyText.length)}`
  }

  const statement = (node: Node): string => {
    const before = mutants.length
    const rendered = render(node, { parent: undefined, grandparent: undefined, isChained: false }, true)
    const declaration = node.type === "ExportNamedDeclaration" ? node["declaration"] : node
    const hasStatic = mutants.slice(before).some(({ isStatic }) => isStatic)
    if (!hasStatic || !isConstant(declaration)) return rendered
    const [declarator] = childrenOf(declaration)
    if (declarator === undefined) return rendered
    const name = plain(child(declarator, "id"))
      .replace(/:[\s\S]*/, "")
      .trim()
    const again = `${rendered.replace(/^export /, "").replace(/^const [\s\S]*?=(?!=|>)/, `${name} =`)}`
    return `${rendered.replace(/^(export )?const /, "$1let ")}\n__again(${JSON.stringify(file)}, () => { ${again} })`
  }

  const program = parse(source)
  let text = ""
  let at = 0
  for (const node of children(program)) {
    text += source.slice(at, node.start) + statement(node)
    at = node.end
  }
  return { mutants, text: text + source.slice(at) }
}

const childrenOf = (declaration: Node): ReadonlyArray<Node> =>
  children(declaration).filter(({ type }) => type === "VariableDeclarator")

const isConstant = (node: unknown): node is Node => {
  if (typeof node !== "object" || node === null) return false
  const { type, kind } = node as Node
  return type === "VariableDeclaration" && kind === "const"
}

const isLoop = ({ type }: Node): boolean => /^(?:While|DoWhile|For|ForOf|ForIn)Statement$/.test(type)

/** Whether a part continues an optional chain. */
const isLink = (node: Node, part: Node): boolean => node["object"] === part || node["callee"] === part
