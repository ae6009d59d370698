/** The public names of a package, and which of them have a doc comment. */
import { existsSync, globSync, readFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import ts from "typescript"

export interface PublicName {
  /** Path from the root. */
  readonly file: string
  readonly line: number
  /** As in `Runs`, or `Runs.list` for a member. */
  readonly name: string
  readonly kind: "export" | "member"
  readonly isDocumented: boolean
}

/** The sources that the `exports` of a package lead to. */
export const entryPoints = (folder: string): ReadonlyArray<string> => {
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, string | null | Readonly<Record<string, string>>>>
  }
  const hidden = Object.entries(exports).flatMap(([path, target]) => (target === null ? [path.replace("./", "")] : []))
  return Object.values(exports)
    .flatMap((target) => (target === null || typeof target === "string" ? [] : [target["@openretl/source"] ?? ""]))
    .flatMap((path) =>
      globSync(path.replace("*", "**/*"), { cwd: folder, exclude: hidden.map((pattern) => `src/${pattern}`) }),
    )
    .map((path) => join(folder, path))
    .filter((path, index, all) => all.indexOf(path) === index)
}

/** Reads the files of one package only. Names of other packages are documented there. */
const programOf = (entries: ReadonlyArray<string>): ts.Program => {
  const options: ts.CompilerOptions = {
    noLib: true,
    types: [],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
  }
  const host = ts.createCompilerHost(options)
  host.resolveModuleNameLiterals = (literals, importer) =>
    literals.map(({ text }) => {
      const path = resolve(dirname(importer), text)
      return text.startsWith(".") && existsSync(path)
        ? { resolvedModule: { resolvedFileName: path, extension: ts.Extension.Ts } }
        : { resolvedModule: undefined }
    })
  return ts.createProgram({ rootNames: entries, options, host })
}

/** The exports of a module, followed through re-exports to the symbols that are declared in this package. */
const exportsOf = (checker: ts.TypeChecker, module: ts.Symbol, seen: Set<ts.Symbol>): void => {
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    // A symbol without a declaration is from another package.
    if (symbol.declarations === undefined || seen.has(symbol)) continue
    seen.add(symbol)
    if (symbol.declarations.some(ts.isSourceFile)) exportsOf(checker, symbol, seen)
  }
}

/** The public names of the package in `folder`. Paths are relative to `root`. */
export const publicNames = (root: string, folder: string): ReadonlyArray<PublicName> => {
  const entries = entryPoints(folder)
  const program = programOf(entries)
  const checker = program.getTypeChecker()

  const publicName = (kind: PublicName["kind"], name: string, symbol: ts.Symbol, node: ts.Node): PublicName => {
    const source = node.getSourceFile()
    return {
      file: relative(root, source.fileName).replaceAll("\\", "/"),
      line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
      name,
      kind,
      isDocumented: symbol.getDocumentationComment(checker).length > 0,
    }
  }

  const symbols = new Set<ts.Symbol>()
  for (const entry of entries) {
    const source = program.getSourceFile(entry)
    const module = source && checker.getSymbolAtLocation(source)
    if (module !== undefined) exportsOf(checker, module, symbols)
  }
  return [...symbols].flatMap((symbol) => {
    const [first, ...others] = symbol.declarations?.filter((declaration) => !ts.isSourceFile(declaration)) ?? []
    if (first === undefined) return []
    const members = [first, ...others].flatMap(membersOf).flatMap((member) => {
      const memberSymbol = checker.getSymbolAtLocation(member.name)
      return memberSymbol ? [publicName("member", `${symbol.name}.${member.name.text}`, memberSymbol, member)] : []
    })
    return [publicName("export", symbol.name, symbol, first), ...members]
  })
}

/** A member whose name and type do not say enough: a function or an optional field. */
type Member = (ts.PropertySignature | ts.PropertyDeclaration | ts.MethodSignature | ts.MethodDeclaration) & {
  readonly name: ts.Identifier | ts.StringLiteral
}

const membersOf = (declaration: ts.Declaration): ReadonlyArray<Member> => {
  if (ts.isInterfaceDeclaration(declaration)) return declaration.members.filter(isMember)
  if (ts.isClassDeclaration(declaration)) return declaration.members.filter(isMember)
  return ts.isTypeAliasDeclaration(declaration) ? literalMembers(declaration.type).filter(isMember) : []
}

const literalMembers = (type: ts.TypeNode): ReadonlyArray<ts.TypeElement> => {
  if (ts.isTypeLiteralNode(type)) return type.members
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) return type.types.flatMap(literalMembers)
  return ts.isParenthesizedTypeNode(type) ? literalMembers(type.type) : []
}

const isMember = <N extends ts.Node>(node: N): node is N & Member => {
  const isField = ts.isPropertySignature(node) || ts.isPropertyDeclaration(node)
  if (!isField && !ts.isMethodSignature(node) && !ts.isMethodDeclaration(node)) return false
  if (!ts.isIdentifier(node.name) && !ts.isStringLiteral(node.name)) return false
  const isHidden = ts.getModifiers(node)?.some(({ kind }) => hiding.has(kind)) ?? false
  return !isHidden && (!isField || node.questionToken !== undefined || isFunction(node.type))
}

/** The comment of an overridden member is the comment of the member that it overrides. */
const hiding: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.PrivateKeyword,
  ts.SyntaxKind.ProtectedKeyword,
  ts.SyntaxKind.OverrideKeyword,
])

const isFunction = (type: ts.TypeNode | undefined): boolean =>
  type !== undefined && (ts.isFunctionTypeNode(type) || (ts.isParenthesizedTypeNode(type) && isFunction(type.type)))
