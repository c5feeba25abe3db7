import { type Ceiling, ceilingOf } from "../expiry/expiry.ts";

/** What the workspace allows, as far as the person may see it. */
export interface Allowed {
  /** Seconds a token lives where the client says nothing. */
  readonly tokenLife: number;
  /** Seconds; the most that a client may choose. */
  readonly longestToken: number;
  readonly secret: Ceiling;
}

interface Settings {
  readonly accessTokenLifetime: { readonly value?: number | null; readonly level: string };
  readonly clientSecretLifetime: Parameters<typeof ceilingOf>[0];
}

const DEFAULT_LIFE = 900;
const LONGEST_LIFE = 86_400;

/** A value that somebody set is the ceiling too; the program's own default is none. */
export function allowedBy(settings: Settings | null | undefined): Allowed {
  const { value, level } = settings?.accessTokenLifetime ?? { value: null, level: "DEFAULT" };
  const tokenLife = value ?? DEFAULT_LIFE;
  return {
    tokenLife,
    longestToken: level === "DEFAULT" ? LONGEST_LIFE : tokenLife,
    secret: ceilingOf(settings?.clientSecretLifetime),
  };
}

/** The choices of a token's life in seconds, up to the ceiling; the one chosen is among them. */
export function tokenLives({ longestToken, tokenLife }: Allowed, chosen: number | null): readonly number[] {
  const usual = [60, 300, 900, 3600, 14_400, 86_400].filter((life) => life <= longestToken && life !== tokenLife);
  return chosen === null || usual.includes(chosen) ? usual : [...usual, chosen].toSorted((a, b) => a - b);
}
