/** The public sources that facts name. */
export const client = "the vendor's client polytomic-typescript at 39153bc (2026-04-29, read 2026-11)"
export const syncPages = "Polytomic API docs 2025-09-18, model sync (read 2026-11)"
export const keysPage = "Polytomic API docs, guide to idempotent requests (read 2026-11)"
export const versionPage = "Polytomic API docs, guide to versioning (read 2026-11)"
export const eventsPage = "Polytomic API docs, guide to events (read 2026-11)"
