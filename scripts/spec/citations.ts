/** Titles of tests that begin with the ids of laws. */

export interface Citation {
  readonly file: string
  readonly line: number
  /** As written, without the ids. */
  readonly title: string
  readonly ids: ReadonlyArray<string>
}

/**
 * A string that is the first argument of a call to `it`, `test`, `describe` or `law` (`reading` and `changing` are laws
 * about configuration), to a property of them (`it.effect`, `it.effect.prop`), or to the result of such a call
 * (`it.each(rows)`, `layer(live)`).
 */
const firstString =
  /(?:\b(?:it|test|describe|law|reading|changing)(?:\.\w+)*(?:<[^<>()]*>)?|\))\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1(?:,\s*(["'`])((?:\\.|(?!\3)[^\\])*)\3)?/g

/** `T4: ...`, `T4, T8: ...`, `[T4] ...`, `T4` alone. */
const citing = /^\[?([A-Z]\d+(?:(?:, ?| and | ?[&+/] ?)[A-Z]\d+)*)(?:\]:?\s*|:\s*|$)(.*)$/s

export const citationsIn = (file: string, text: string): ReadonlyArray<Citation> =>
  [...text.matchAll(firstString)].flatMap((match) => {
    const [, , first = "", , second] = match
    const [, ids, title] = citing.exec(first) ?? []
    return ids === undefined
      ? []
      : [
          {
            file,
            line: text.slice(0, match.index).split("\n").length,
            title: title === "" || title === undefined ? (second ?? first) : title,
            ids: ids.match(/[A-Z]\d+/g) ?? [],
          },
        ]
  })
