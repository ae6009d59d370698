/** The most links of a poll's span: a sync with more waits than that is linked to the first ones. */
export const maxLinks = 16
