/** The public sources that facts name. */
export const openapi =
  "Hightouch's OpenAPI document 1.0.0, Syncs, as mirrored in api-evangelist/hightouch at 05236aa (2026-08, read 2026-11)"
export const guide = "Hightouch docs, API guide (read 2026-11)"
export const airflow = "Hightouch's Airflow provider, v4 at e6a88c5 (read 2026-11)"
export const probes =
  "answers to requests without a valid key, recorded by api-evangelist/hightouch (2026-08-13, read 2026-11)"
export const app = "Hightouch docs, syncs overview page (read 2026-11)"
