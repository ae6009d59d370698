/**
 * The media types that the endpoints are documented with. An endpoint's version goes by them and not by its path; plain
 * JSON is named behind each, for it gets whatever version is the most stable.
 */

const alphaType = "application/vnd.segment.v1alpha+json"
const betaType = "application/vnd.segment.v1beta+json"
const stableType = "application/vnd.segment.v1+json"

/** Reverse ETL and subscriptions. */
export const alpha = { accept: `${alphaType}, application/json` }
export const alphaBody = { ...alpha, "content-type": alphaType }

/** Delivery metrics. */
export const beta = { accept: `${betaType}, application/json` }

/** Destinations. */
export const stable = { accept: `${stableType}, application/json` }
export const stableBody = { ...stable, "content-type": stableType }
