/**
 * Where a listing goes on.
 *
 * A server that ignores the page asked for answers with the same page again. To notice, a cursor carries the first entry
 * of the page before. That it comes again has one other explanation, a page full of new runs in between; a page so far
 * out that it must be empty tells the two apart.
 */
export interface Cursor {
  /** From 1. */
  readonly page: number
  /** The id of the first entry of the page before. */
  readonly after?: string
  /** Look first whether pages turn at all. */
  readonly isProbe?: true
}

/** No sync has so many pages of runs. */
export const beyond = 1_000_000

export const format = ({ page, after, isProbe }: Cursor): string =>
  `${page}${isProbe ? "?" : ""}${after === undefined ? "" : `~${after}`}`

/** Absent means the first page. What is no cursor becomes the page `NaN`, which the client refuses to send. */
export const parse = (text: string | undefined): Cursor => {
  if (text === undefined) return { page: 1 }
  const [, page, probe, after] = /^([1-9]\d{0,5})(\??)(?:~([\s\S]+))?$/.exec(text) ?? []
  return {
    page: Number(page ?? Number.NaN),
    ...(after !== undefined && { after }),
    ...(probe === "?" && { isProbe: true }),
  }
}
