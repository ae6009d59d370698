/** Writes the reference of the API as Markdown pages, one a module, from the sources' types and doc comments. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import {
  Application,
  Comment,
  Converter,
  type DeclarationReflection,
  ReflectionKind,
  Renderer,
  type TypeDocOptions,
} from "typedoc"
import type { PluginOptions as MarkdownOptions } from "typedoc-plugin-markdown"
import { root } from "../scripts/workspace.ts"
import { publicModules } from "./modules.ts"

/** The comment that a file begins with, before its imports. TypeDoc takes it only where it has `@module`. */
const opening = (source: string): string | undefined =>
  /^\/\*\*([\s\S]*?)\*\/\s*\n(?:import|export \*)/
    .exec(readFileSync(join(root, source), "utf8"))?.[1]
    ?.replace(/^\s*\* ?/gm, "")
    .trim()

/** The module of a reflection. TypeDoc calls it by the path of its source, without what all sources share. */
const moduleOf = (name: string) => publicModules.find(({ source }) => source.endsWith(`${name}.ts`))

/** Calls each module by what one imports, and gives it the comment of its file. */
const nameModules = (app: Application): void => {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of project.getReflectionsByKind(ReflectionKind.Module)) {
      const module = moduleOf(reflection.name)
      if (module === undefined) throw new Error(`TypeDoc has a module ${reflection.name}, which is not public`)
      const text = opening(module.source)
      if (text !== undefined) reflection.comment ??= new Comment([{ kind: "text", text }])
      reflection.name = module.name
    }
  })
}

type Inherited = Partial<Pick<DeclarationReflection, "inheritedFrom" | "overwrites" | "implementationOf">>

/** Leaves out "Inherited from Data.TaggedError(...)<...>" under each property of a class of Effect. */
const leaveOutHeritage = (app: Application): void => {
  app.renderer.on(Renderer.EVENT_BEGIN, ({ project }) => {
    for (const reflection of Object.values(project.reflections)) {
      const { signatures = [], getSignature, setSignature } = reflection as DeclarationReflection
      for (const part of [reflection, ...signatures, getSignature, setSignature] as ReadonlyArray<
        Inherited | undefined
      >) {
        delete part?.inheritedFrom
        delete part?.overwrites
        delete part?.implementationOf
      }
      delete (reflection as Partial<DeclarationReflection>).extendedTypes
      delete (reflection as Partial<DeclarationReflection>).typeHierarchy
    }
  })
}

/** Writes the pages below `out`. */
export const writeReference = async (out: string): Promise<void> => {
  const options: Partial<TypeDocOptions> & MarkdownOptions = {
    out,
    entryPoints: publicModules.map(({ source }) => join(root, source)),
    entryPointStrategy: "resolve",
    basePath: join(root, "packages"),
    tsconfig: join(import.meta.dirname, "tsconfig.reference.json"),
    plugin: [fileURLToPath(import.meta.resolve("typedoc-plugin-markdown"))],
    name: "API",
    readme: "none",
    router: "module",
    entryFileName: "index",
    githubPages: false,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    useCodeBlocks: true,
    expandObjects: false,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    propertyMembersFormat: "table",
    typeAliasPropertiesFormat: "table",
    enumMembersFormat: "table",
    sanitizeComments: true,
    disableSources: true,
    // TypeScript 7 checks the sources; this one, TypeScript 6, only reads them.
    skipErrorChecking: true,
    excludeInternal: true,
    excludePrivate: true,
    // Else each class of Effect prints all that it inherits.
    excludeExternals: true,
    excludeReferences: true,
    logLevel: "Error",
  }
  const app = await Application.bootstrapWithPlugins(options)
  nameModules(app)
  leaveOutHeritage(app)
  const project = await app.convert()
  if (project === undefined) throw new Error("TypeDoc could not read the sources")
  await app.generateOutputs(project)
  if (app.logger.hasErrors()) throw new Error("TypeDoc reported errors")
}
