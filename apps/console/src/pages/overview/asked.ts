/** A token request, as lists show it. */
export interface Decision {
  readonly id: string;
  readonly at: string;
  readonly outcome: string;
  readonly client?: string | null;
  readonly clientName?: string | null;
  readonly clientId?: string | null;
  readonly resource?: string | null;
  readonly scope?: string | null;
  readonly reason?: string | null;
  readonly evidence?: Readonly<Record<string, unknown>> | null;
  readonly count: number;
}

/** The scopes of the token, or what the refusal names. */
export function askedFor({ scope, evidence }: Pick<Decision, "scope" | "evidence">): string {
  if (scope) return scope;
  const named = evidence?.["scope"] ?? evidence?.["resource"];
  if (typeof named === "string") return named;
  return Array.isArray(named) ? named.filter((one) => typeof one === "string").join(" ") : "";
}
