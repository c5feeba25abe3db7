import { type SecretDates, secretState } from "./state.ts";

/** A secret as the credentials page lists it; its value is nowhere. */
export interface SecretRow extends SecretDates {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly createdAt: string;
  readonly isImported: boolean;
  readonly lastUsedAddress?: string | null;
}

/** What its owner recognises it by: `…d7c2`, or the end of its hash where only that is known. */
export const hintOf = ({ hint }: Pick<SecretRow, "hint">): string => (hint.includes(":") ? hint : `…${hint}`);

/** Those that work first, the newest of them on top; then the ended ones. */
export function inOrder(secrets: readonly SecretRow[], now: number): readonly SecretRow[] {
  const rank = (secret: SecretRow) => (secretState(secret, now).works ? 0 : 1);
  return [...secrets].sort((a, b) => rank(a) - rank(b) || b.createdAt.localeCompare(a.createdAt));
}
