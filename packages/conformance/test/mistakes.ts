/**
 * Twenty mistakes that the author of an adapter makes, as changes of the worked example's text. Each fails by a law whose
 * message names it.
 */

/** One mistake. */
export interface Mistake {
  /** What the adapter does, to complete "an adapter that". */
  readonly does: string
  /** What is written in the example. */
  readonly from: string
  /** What is written in its place. */
  readonly to: string
  /** How the title of the law begins that fails. */
  readonly law: string
  /** Words of the first ten lines of its message. */
  readonly says: ReadonlyArray<string>
}

const contact = "contact: each operation that runs syncs works at all"

export const mistakes: ReadonlyArray<Mistake> = [
  {
    does: "expects a number where the vendor has a text",
    from: "  id: VendorId,\n  status: Schema.String,",
    to: "  id: VendorId,\n  status: Schema.Number,",
    law: contact,
    says: ["start of a run", "status: Expected number"],
  },
  {
    does: "reads a list under another name",
    from: "Schema.Struct({ runs: Wire.entries(Run)",
    to: "Schema.Struct({ data: Wire.entries(Run), runs: Wire.entries(Run)",
    law: contact,
    says: ["list of the runs", "data: Expected"],
  },
  {
    does: "writes a wrong path",
    from: 'const path = ["v1", "syncs", { sync }, "runs", { run }]\n',
    to: 'const path = ["v1", "runs", { run }]\n',
    law: contact,
    says: ["get of a run", "NotFound", "GET /v1/runs/"],
  },
  {
    does: "uses another method than the vendor's",
    from: 'operation: "cancel", method: "POST"',
    to: 'operation: "cancel", method: "DELETE"',
    law: contact,
    says: ["cancel of a run", "DELETE /v1/syncs/"],
  },
  {
    does: "returns the id of the sync in place of the run's",
    from: "({ id }) => id)\n      },",
    to: "() => sync)\n      },",
    law: contact,
    says: ["id of the started run", "the run that it started is"],
  },
  {
    does: "lacks the word for a success",
    from: '  ["done", "succeeded"],\n',
    to: "",
    law: contact,
    says: ['the vendor\'s word "done"', "unknown"],
  },
  {
    does: "takes a run at work for one that has ended",
    from: '["working", "running"]',
    to: '["working", "succeeded"]',
    law: contact,
    says: ["a run at work is read as ended", '"working"'],
  },
  {
    does: "calls another address",
    from: 'baseUrl: options.baseUrl ?? "https://api.harbor.example"',
    to: 'baseUrl: "https://api.harbour.example"',
    law: contact,
    says: ["check of the token", "ENOTFOUND"],
  },
  {
    does: "is written for another edition of core",
    from: 'spec: "openretl/2"',
    to: 'spec: "openretl/1" as "openretl/2"',
    law: contact,
    says: ["another edition", "@openretl/core"],
  },
  {
    does: "cancels without a request",
    from: 'const request = Effect.as(http.call({ operation: "cancel", method: "POST", path }), "requested" as const)',
    to: 'const request = Effect.as(path.length > 0 ? Effect.void : http.call({ operation: "cancel", method: "POST", path }), "requested" as const)',
    law: contact,
    says: ["the cancel ended well, and the vendor's run goes on"],
  },
  {
    does: "leaves out the next page",
    from: "...(next < total && { next: String(next) })",
    to: "",
    law: "a list has every run once",
    says: ["cut off after this page", "45 that the vendor counts"],
  },
  {
    does: "counts pages where the vendor counts entries",
    from: "const next = query.offset + query.limit",
    to: "const next = query.offset + 1",
    law: "a list has every run once",
    says: ["UnexpectedResponse"],
  },
  {
    does: "turns the list around",
    from: "runs: runs.map(toSnapshot),",
    to: "runs: runs.map(toSnapshot).reverse(),",
    law: "a list has every run once",
    says: ["the list has another order than the vendor's answers"],
  },
  {
    does: "allows itself more requests than the vendor does",
    from: "requests: 120, window",
    to: "requests: 500, window",
    law: "the triggers, waits, reads and lists of a busy hour",
    says: ["rate limit", "limits"],
  },
  {
    does: "states that the vendor queues what it refuses",
    from: 'whenBusy: "refuses"',
    to: 'whenBusy: "queues"',
    law: "a trigger that the vendor receives while a run is under way",
    says: ["whenBusy", "the vendor refuses"],
  },
  {
    does: "takes a busy sync for a conflict",
    from: 'operation === "start" ? new Reason.AlreadyRunning({}) : new Reason.Conflict()',
    to: "new Reason.Conflict()",
    law: "a trigger that the vendor receives while a run is under way",
    says: ["AlreadyRunning", "Conflict"],
  },
  {
    does: "takes a gateway's page for the vendor's refusal",
    from: "isVendorsForm: message !== undefined",
    to: "isVendorsForm: true",
    law: "a run whose answer is lost (a gateway's page with 403) is adopted",
    says: ["for refused", "was started", "isVendorsForm"],
  },
  {
    does: "takes rejected rows for none",
    from: "...(isCounted(rows?.rejected) && { failed: rows.rejected }),",
    to: "",
    law: "of several runs of a sync, each read and the list show each as it is",
    says: ["rows.failed"],
  },
  {
    does: "takes the creation of a run for its start",
    from: "const startedAt = Wire.time(run.started_at)",
    to: "const startedAt = Wire.time(run.created_at)",
    law: "a run that waits is queued and has no start",
    says: ["startedAt"],
  },
  {
    does: "checks the token without a request",
    from: 'const read = http.call({ operation: "check", method: "GET", path, answer: Account })',
    to: "const read = Effect.succeed(path)",
    law: "a check succeeds only where the token is good",
    says: ["the requests of one check", "expected +0 to be 1"],
  },
]
