/** What the server and the clients agree on. No imports: the server runs without them. */

/** How many runs the list has. */
export const total = 20_000

/** How many runs a page of it has. */
export const pageSize = 100

/** The ids of the sync. */
export const ids = {
  source: "rh5BDZp6QDHvXFCkibm1pR",
  model: "eD2WtDYk5Jxs3rXB2ExzHw",
  subscription: "7ddMAKvUq2PzD8cXNtC9Gh",
}

/** The id of a run that has ended. */
export const run = "1234567"
