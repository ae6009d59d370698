/**
 * What the workspaces of one process share: the journal in memory, and the state of the engine, such as turns, claims and
 * rate limits.
 *
 * Two workspaces of one process share by what they reach, whatever layer or program made them. So a layer that is built
 * twice, or once for each request, starts no run twice and keeps the limits.
 */
import * as Context from "effect/Context"
import * as Journal from "./Journal.ts"

/** What the workspaces of one process share. It lives as long as the process, or as the program that made it. */
export interface Service {
  /**
   * Returns the value under this name of an owner, which the first call creates. An owner is an object, such as the
   * transport of a workspace, or a text that stands for equal ones.
   */
  readonly shared: <A extends object>(owner: object | string, name: string, create: () => A) => A
}

/** Creates the state of one process. Tests that play several processes create one for each. */
export const isolated = (): Service => {
  const byObject = new WeakMap<object, Map<string, object>>()
  const byText = new Map<string, Map<string, object>>()
  const valuesOf = (owner: object | string): Map<string, object> => {
    const existing = typeof owner === "string" ? byText.get(owner) : byObject.get(owner)
    if (existing !== undefined) return existing
    const created = new Map<string, object>()
    if (typeof owner === "string") byText.set(owner, created)
    else byObject.set(owner, created)
    return created
  }
  return {
    shared: <A extends object>(owner: object | string, name: string, create: () => A): A => {
      const values = valuesOf(owner)
      const existing = values.get(name)
      // The names belong to core, which gives each one value's type only.
      if (existing !== undefined) return existing as A
      const created = create()
      values.set(name, created)
      return created
    },
  }
}

/** The state of this process. Defaults to one for each copy of the package; provide another one to play a process. */
export const ProcessState: Context.Reference<Service> = /* @__PURE__ */ Context.Reference<Service>(
  "@openretl/core/ProcessState",
  { defaultValue: isolated },
)

/** Returns the journal in memory that the workspaces over one transport share. */
export const journalOf = (state: Service, transport: object | string): Journal.Service =>
  state.shared(transport, "journal", Journal.memory)
