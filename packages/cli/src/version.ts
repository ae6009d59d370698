/** The version of this package. */

/** The bundle has the version in place of this name. */
declare const __OPENRETL_VERSION__: string | undefined

/** The version of this package, as in `1.2.0`; `source` where it runs from its sources. */
export const version: string = typeof __OPENRETL_VERSION__ === "string" ? __OPENRETL_VERSION__ : "source"
