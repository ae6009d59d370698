/**
 * Where a listing continues.
 *
 * A server that ignores `page` answers with the same page again. To notice that, a cursor carries the first entry of the
 * previous page. The same entry comes again for one other reason: a page full of new runs arrived in between. To
 * distinguish the two, the adapter reads a page so far out that it must be empty.
 */
export interface Cursor {
  /** The page, from 1. */
  readonly page: number
  /** The size of the pages up to here; absent for the first page. */
  readonly size?: number
  /** How many entries the earlier pages had; absent for the first page. */
  readonly count?: number
  /** The id of the first entry of the previous page. */
  readonly after?: string
  /** Whether to find out first if the server heeds `page` at all. */
  readonly isProbe?: true
}

/** The page that a probe reads: no list has so many pages. */
export const probePage = 1_000_000

/** Returns the text form of a cursor. */
export const format = ({ page, size = 0, count = 0, after, isProbe }: Cursor): string =>
  `${page}.${size}.${count}${isProbe ? "?" : ""}${after === undefined ? "" : `~${after}`}`

/** Parses a cursor; absent means the first page. Other texts become the page `NaN`, which the client refuses to send. */
export const parse = (text: string | undefined): Cursor => {
  if (text === undefined) return { page: 1 }
  const [, page, size, count, probe, after] =
    /^([1-9]\d{0,5})\.(\d{1,3})\.(\d{1,15})(\??)(?:~([\s\S]+))?$/.exec(text) ?? []
  return {
    page: Number(page ?? Number.NaN),
    ...(Number(size) > 0 && { size: Number(size) }),
    count: Number(count ?? 0),
    ...(after !== undefined && { after }),
    ...(probe === "?" && { isProbe: true }),
  }
}
