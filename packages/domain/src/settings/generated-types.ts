import { z } from "zod";

/** What can be generated: a string that is sent as it is, or a client id and a secret that get access tokens. */
export type GeneratedType = "static_token" | "client_credentials";

const types = ["static_token", "client_credentials"] as const satisfies readonly GeneratedType[];

/** Types that may be generated, each once, at least one: whether anything may be is said by other settings. */
export const generatedTypes = z
  .array(z.enum(types, `Choose ${types.join(" or ")}.`))
  .min(1, "Name at least one type. To let nothing be generated, turn apiTokens and personalTokens off.")
  .max(types.length, "Name each type once.")
  .transform((named) => types.filter((type) => named.includes(type)));
