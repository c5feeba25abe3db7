import { text } from "./text.ts";

/** Why a person may not do something here; undefined when they may. */
export const mayNot = (permissions: readonly string[], permission: string): string | undefined =>
  permissions.includes(permission) ? undefined : text.mayNot(permission);
