/** Everything that a request of the public schema carries beside its body. */
export const sending = { credentials: "same-origin", headers: { "X-CSRF": "1" } } as const;

export const addressOf = (tenant: string): string => `/graphql?tenant=${encodeURIComponent(tenant)}`;

/** What a page will ask for, known from its address alone. */
export interface Ask {
  readonly document: { readonly loc?: { readonly source: { readonly body: string } } | undefined };
  readonly variables: object;
}

interface Ahead {
  readonly asked: string;
  readonly answer: Promise<Response>;
}

/** Whatever the order of the variables: urql sorts them. */
const askedOf = (operationName: string | undefined, variables: object = {}): string =>
  JSON.stringify([operationName, Object.entries(variables).sort()]);

const first = new Map<string, Ahead>();

/** Asks for the first page's data before anything is drawn: the server works while the frame is built. */
export function askAhead(tenant: string, { document, variables }: Ask): void {
  const query = document.loc?.source.body ?? "";
  const [, operationName] = /\bquery (\w+)/.exec(query) ?? [];
  // biome-ignore lint/style/noRestrictedGlobals: what urql would send a moment later
  const answer = fetch(addressOf(tenant), {
    ...sending,
    method: "POST",
    headers: { ...sending.headers, "Content-Type": "application/json" },
    body: JSON.stringify({ operationName, query, variables }),
  });
  // Whoever takes the answer hears of its failure.
  answer.catch(() => undefined);
  first.set(tenant, { asked: askedOf(operationName, variables), answer });
}

/** The `fetch` of a tenant's client: the answer that was asked for ahead is good for its first request, and for no other. */
export const fetchOf =
  (tenant: string) =>
  (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const ahead = first.get(tenant);
    first.delete(tenant);
    const { operationName, variables } = ahead && typeof init?.body === "string" ? JSON.parse(init.body) : {};
    if (ahead?.asked === askedOf(operationName, variables)) return ahead.answer;
    // biome-ignore lint/style/noRestrictedGlobals: the client's own door
    return fetch(input, init);
  };
