/** The changelog of the site: what is not released yet, from the changesets, and the changelogs of the packages. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { files, packages, read, root } from "../scripts/workspace.ts"

interface Changeset {
  readonly packages: ReadonlyArray<string>
  readonly isMinor: boolean
  readonly text: string
}

const changesetsHere = (): ReadonlyArray<Changeset> =>
  files(".changeset/*.md")
    .filter((file) => !file.endsWith("README.md"))
    .map((file) => {
      const [, head = "", text = ""] = /^---\n([\s\S]*?)---\n([\s\S]*)$/.exec(read(file)) ?? []
      const names = [...head.matchAll(/^"?(@openretl\/[\w-]+)"?: \w+$/gm)].map(([, name = ""]) => name)
      return { packages: names, isMinor: / minor$/m.test(head), text: text.trim() }
    })

/** A changeset may be several paragraphs or a list: what follows its first line is part of the entry. */
const entry = ({ packages, text }: Changeset): string =>
  `- **${packages.map((name) => name.replace("@openretl/", "")).join(", ")}.** ${text.replaceAll("\n", "\n  ")}`

const group = (title: string, changesets: ReadonlyArray<Changeset>): ReadonlyArray<string> =>
  changesets.length === 0 ? [] : [`### ${title}`, "", ...changesets.flatMap((it) => [entry(it), ""])]

/** The entries of a package's changelog, one heading lower. */
const released = (name: string): ReadonlyArray<string> => {
  const path = `packages/${name}/CHANGELOG.md`
  return existsSync(join(root, path))
    ? [
        `## @openretl/${name}`,
        "",
        read(path)
          .replace(/^# .*\n/, "")
          .replace(/^#/gm, "##"),
        "",
      ]
    : []
}

/** Returns the page. Links lead to GitHub: those of a changeset are relative to a folder that the site does not have. */
export const changelogPage = (): string => {
  const changesets = changesetsHere()
  const packagesReleased = packages.flatMap(released)
  return [
    "# Changelog",
    "",
    "All packages share one version number. Before 1.0 a change that breaks users' code is `minor`, and everything else is `patch`.",
    "",
    ...(packagesReleased.length === 0 ? ["Nothing has been released yet.", ""] : []),
    "## Not released yet",
    "",
    ...group(
      "Minor",
      changesets.filter(({ isMinor }) => isMinor),
    ),
    ...group(
      "Patch",
      changesets.filter(({ isMinor }) => !isMinor),
    ),
    ...packagesReleased,
  ].join("\n")
}
