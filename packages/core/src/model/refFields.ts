/** What the parts of a ref have to look like, for its readers and for its schemas. */

interface Form {
  readonly pattern: RegExp
  readonly expected: string
}

export const workspaceName: Form = {
  pattern: /^[A-Za-z0-9_-]{1,64}$/,
  expected: "a workspace name: 1 to 64 characters of A-Z a-z 0-9 _ -",
}

export const vendorName: Form = {
  pattern: /^[a-z][a-z0-9-]{0,31}$/,
  expected: "a vendor name: lower-case letters, digits and -",
}

export const idName: Form = { pattern: /^[a-z][a-zA-Z0-9]{0,31}$/, expected: "the name of an id, as in model" }

export const id = {
  maxLength: 255,
  expected: "an id of 1 to 255 characters",
  wellFormed: "an id of well-formed Unicode",
}

export const ids = { expected: "at least one id" }
