import { type Answer, send } from "./http.ts";
import { type Credentials, fetchToken } from "./token.ts";

/** Why a mutation was refused; the codes are stable. */
export interface UserError {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
  readonly fix: string;
}

/** A mutation's payload: the thing asked for, what is shown once, and the refusals. */
interface Payload {
  readonly userErrors: readonly UserError[];
  readonly [member: string]: unknown;
}

/** A signed-in caller of the GraphQL endpoint. */
export interface GraphQL {
  /** Runs a document; throws on top-level errors. */
  run(document: string, variables?: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  /** Calls one mutation; `selection` is what to read of its payload beside `userErrors`. */
  mutate(name: string, input: object, selection: string): Promise<Payload>;
  /** The same, and throws when it was refused. */
  must(name: string, input: object, selection: string): Promise<Payload>;
}

/** Posts to the GraphQL endpoint as JSON. */
export const postGraphQL = (
  url: string,
  body: { query?: string; variables?: unknown; operationName?: string },
  headers: readonly (readonly [string, string])[] = [],
): Promise<Answer> =>
  send(url, {
    method: "POST",
    headers: [["Content-Type", "application/json"], ...headers],
    body: JSON.stringify(body),
  });

const inputType = (mutation: string) => `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;

/** The document of one mutation with one `input`. */
export const mutationDocument = (name: string, selection: string): string =>
  `mutation ($input: ${inputType(name)}!) { ${name}(input: $input) { ${selection} userErrors { code message path fix } } }`;

/** A caller with a client's own credentials; its token is fetched once and again shortly before it ends. */
export function graphqlAs(url: string, client: Credentials & { readonly resource: string }): GraphQL {
  let token: { value: Promise<string>; until: number } | undefined;
  const authorization = async () => {
    if (!token || token.until < Date.now()) {
      token = { value: fetchToken(client, { resource: client.resource }), until: Date.now() + 10 * 60_000 };
    }
    return `Bearer ${await token.value}`;
  };
  return graphqlWith(url, authorization);
}

/** A caller with a token at hand. */
function graphqlWith(url: string, authorization: () => string | Promise<string>): GraphQL {
  const run: GraphQL["run"] = async (query, variables = {}) => {
    const answer = await postGraphQL(url, { query, variables }, [["Authorization", await authorization()]]);
    const { data, errors } = answer.json();
    if (answer.status !== 200 || errors || !data) throw new Error(`GraphQL: ${answer.status} ${answer.body}\n${query}`);
    return data as Record<string, unknown>;
  };
  const mutate: GraphQL["mutate"] = async (name, input, selection) => {
    const data = await run(mutationDocument(name, selection), { input });
    return data[name] as Payload;
  };
  const must: GraphQL["must"] = async (name, input, selection) => {
    const payload = await mutate(name, input, selection);
    if (payload.userErrors.length > 0) throw new Error(`${name} was refused: ${JSON.stringify(payload.userErrors)}`);
    return payload;
  };
  return { run, mutate, must };
}
