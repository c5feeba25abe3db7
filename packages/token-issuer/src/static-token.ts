import { isOpaque } from "./sealed-token.ts";

/**
 * Whether a text has the form of an access token, ours or another's: three parts, or sealed. A static token never has it,
 * so that each is told by name that it came under the wrong scheme.
 */
export const isAccessTokenForm = (text: string): boolean => isOpaque(text) || /^[^.]+\.[^.]+\.[^.]*$/.test(text);

/** Whether a text has the prefix of a static token of ours: `mmt_` of a client, `mmp_` of a person. */
export const isStaticTokenForm = (text: string): boolean => /^mm[tp]_[0-9A-Za-z]+$/.test(text);

/** Whether a text could be a static token of a client, ours or an imported one: everything else is none without a look. */
export const couldBeApiToken = (text: string): boolean =>
  /^[\x21-\x7e]{32,512}$/.test(text) && !isAccessTokenForm(text);
