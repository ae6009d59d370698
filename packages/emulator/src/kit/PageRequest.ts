/** The parameters of lists: which page is wanted, by offset, by number or by an opaque token. */
import { parseInteger } from "./IncomingRequest.ts"

/** Which entries of a list are wanted. */
export interface PageRequest {
  readonly offset: number
  /** The most entries of the page. */
  readonly limit: number
}

/** How a list has its parameters. */
export interface PageParameters {
  /** The name of the parameter that says where the page begins, as in `offset`, `page` or `page_token`. */
  readonly from: string
  /** The name of the parameter for the size of a page, as in `limit`. */
  readonly size: string
  /** The size where the query names none. */
  readonly defaultSize: number
  /** The largest size. A larger one counts as this. @default none */
  readonly maxSize?: number
}

const sizeOf = (query: URLSearchParams, { size, defaultSize, maxSize = Number.MAX_SAFE_INTEGER }: PageParameters) =>
  Math.min(maxSize, parseInteger(query.get(size) ?? String(defaultSize)))

const isPossible = ({ offset, limit }: PageRequest): boolean => offset >= 0 && limit >= 1

const orUndefined = (page: PageRequest): PageRequest | undefined => (isPossible(page) ? page : undefined)

/** Reads a page whose beginning is a number of entries. Returns `undefined` where a parameter makes no sense. */
export const ofOffset = (query: URLSearchParams, parameters: PageParameters): PageRequest | undefined =>
  orUndefined({ offset: parseInteger(query.get(parameters.from) ?? "0"), limit: sizeOf(query, parameters) })

/** Reads a page by its number, which counts from 1. Returns `undefined` where a parameter makes no sense. */
export const ofNumber = (query: URLSearchParams, parameters: PageParameters): PageRequest | undefined => {
  const limit = sizeOf(query, parameters)
  return orUndefined({ offset: (parseInteger(query.get(parameters.from) ?? "1") - 1) * limit, limit })
}

/** Reads a page by its token. Returns `undefined` for a token that `tokenAt` did not make, and where the size makes no sense. */
export const ofToken = (query: URLSearchParams, parameters: PageParameters): PageRequest | undefined => {
  const token = query.get(parameters.from)
  const offset = token === null ? 0 : parseInteger(/^p([0-9a-z]{1,10})$/.exec(token)?.[1] ?? "")
  return orUndefined({ offset, limit: sizeOf(query, parameters) })
}

/** Returns the token of the page that begins at this offset. */
export const tokenAt = (offset: number): string => `p${offset}`
