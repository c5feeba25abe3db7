import { isHttpsAddress } from "@mintmark/token-issuer";
import { z } from "zod";

/** An address that the server may be sent to: https, printable ASCII, no user, no fragment. Where it leads is judged at each use. */
export const httpsAddress = z
  .string()
  .max(2048, "An address has at most 2,048 characters.")
  .refine(isHttpsAddress, "This is an https address without user and fragment, such as https://id.example.com/keys.");
