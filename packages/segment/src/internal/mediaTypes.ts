/**
 * The documented media types of the endpoints. A media type carries an endpoint's version; the path does not. Each
 * `accept` names plain JSON second: for plain JSON the vendor chooses the most stable version.
 */

const alphaType = "application/vnd.segment.v1alpha+json"
const betaType = "application/vnd.segment.v1beta+json"
const stableType = "application/vnd.segment.v1+json"

/** Headers for Reverse ETL and subscriptions. */
export const alpha = { accept: `${alphaType}, application/json` }
/** The same with a body. */
export const alphaBody = { ...alpha, "content-type": alphaType }

/** Headers for delivery metrics. */
export const beta = { accept: `${betaType}, application/json` }

/** Headers for destinations. */
export const stable = { accept: `${stableType}, application/json` }
/** The same with a body. */
export const stableBody = { ...stable, "content-type": stableType }
