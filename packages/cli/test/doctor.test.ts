/** What `openretl doctor` says about accounts. */
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import * as Account from "./support/account.ts"
import { linesOf, run, type Test } from "./support/program.ts"

const at =
  (test: Test, account: Account.Account) =>
  (...args: ReadonlyArray<string>) =>
    run(test, args, { cwd: account.cwd, env: account.env })

const effect = <A>(self: Effect.Effect<A>): Promise<A> => Effect.runPromise(self)

describe("openretl doctor", { concurrent: true, timeout: 120_000 }, () => {
  it("doctor sends reads only, and says what is odd", async (test) => {
    const account = await Account.open(test)
    const openretl = at(test, account)
    await effect(account.rudderstack.setState(account.ids["orders"] ?? {}, "paused"))
    const { exit, out } = await openretl("doctor", "--json")
    expect(exit).toBe(0)
    const checks = linesOf(out)
    expect(checks.filter(({ event }) => event !== "check" && event !== "fact")).toEqual([])
    expect(checks).toContainEqual(expect.objectContaining({ workspace: "finance", check: "token", state: "ok" }))
    expect(checks).toContainEqual(
      expect.objectContaining({ check: "orders", state: "warn", detail: "The vendor has this sync as paused." }),
    )
    for (const emulator of [account.rudderstack, account.segment, account.zeotap]) {
      expect((await effect(emulator.calls)).filter(({ method }) => method !== "GET")).toEqual([])
    }
    const refused = await run(test, ["doctor"], { cwd: account.cwd, env: { ...account.env, SEGMENT_TOKEN: "wrong" } })
    expect(refused.exit).toBe(11)
    expect(refused.out).toMatch(/fail {2}token/)
    expect(refused.out + refused.err).not.toContain(account.env["RUDDERSTACK_TOKEN"] ?? "")
  })

  it("doctor says which facts hold in the account, and which to report", async (test) => {
    const account = await Account.open(test)
    const openretl = at(test, account)
    await openretl("run", "orders")
    await openretl("run", "orders")
    const fact = { event: "fact", workspace: "finance", fact: "rudderstack/list-order" }
    expect(linesOf((await openretl("doctor", "--json")).out)).toContainEqual(
      expect.objectContaining({ ...fact, holds: true }),
    )
    await effect(account.rudderstack.setSwitch("listOrder", "oldest-first"))
    expect(linesOf((await openretl("doctor", "--json")).out)).toContainEqual(
      expect.objectContaining({ ...fact, holds: false }),
    )
    const { exit, out } = await openretl("doctor")
    expect(exit).toBe(0)
    expect(out.replace(/\s+/g, " ")).toContain(
      "warn rudderstack/list-order: This does not hold here: The list of a connection's runs is newest first.",
    )
  })

  it("doctor says of a deleted sync that the vendor does not list it", async (test) => {
    const account = await Account.open(test)
    await effect(account.rudderstack.deleteSync(account.ids["orders"] ?? {}))
    const { exit, out } = await at(test, account)("doctor", "--json")
    expect(exit).toBe(14)
    expect(linesOf(out)).toContainEqual(
      expect.objectContaining({
        check: "orders",
        state: "fail",
        detail: expect.stringContaining("does not list this sync"),
        guidance: expect.stringContaining("Remove it from the configuration"),
      }),
    )
  })
})
