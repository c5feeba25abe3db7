/** How many cases a property test tries: a sample by default, 100,000 under `pnpm prove parsers`. */
export const propertyRuns = Number(process.env["MINTMARK_PROPERTY_RUNS"] ?? 200);
