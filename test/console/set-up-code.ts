import type { UnownedServer } from "../support/server.ts";

/** The one-time code that the server printed when it started. */
export const setUpCode = (server: UnownedServer): string =>
  [...server.log().matchAll(/Set-up code: (\S+)/g)].at(-1)?.[1] ?? "";
