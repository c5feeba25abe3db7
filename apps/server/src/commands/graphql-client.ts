import { CommandFailure } from "../shell.ts";

/** Credentials of one client, and the API it asks tokens for. */
export interface ApiCredentials {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly resource: string;
}

/** The running server, as its own commands reach it. */
export interface Server {
  /** Where it listens on this machine, e.g. `http://localhost:8080`. */
  readonly local: string;
}

/** Runs one operation and hands out its `data`, whose shape the caller's document says. */
export type Run = <T>(document: string, variables: Readonly<Record<string, unknown>>) => Promise<T>;

const PATIENCE_MS = 15_000;

const post = (url: string, headers: Record<string, string>, body: string): Promise<Response> =>
  ask(url, { method: "POST", headers, body });

/** This one file may fetch: it reaches the server that the command is for, and nothing else. */
async function ask(url: string, request: RequestInit): Promise<Response> {
  try {
    // biome-ignore lint/style/noRestrictedGlobals: the commands' own door to their server
    return await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: "error", ...request });
  } catch {
    const { origin } = new URL(url);
    throw new CommandFailure(
      `No server answers on ${origin}. Start it first, with the same settings: npx -y pnpm@12 start`,
    );
  }
}

/** @throws CommandFailure when no server answers there */
export async function requireServer({ local }: Server): Promise<void> {
  const response = await post(`${local}/graphql`, { "Content-Type": "application/json" }, "{}");
  await response.body?.cancel();
  if (response.status !== 401)
    throw new CommandFailure(`What answers on ${local} is not Mintmark. Set PORT to the running server's.`);
}

/** Gets a token as RFC 6749 §4.4 says. */
async function getToken({ local }: Server, credentials: ApiCredentials): Promise<string> {
  const { clientId, clientSecret, resource } = credentials;
  const url = local + new URL(credentials.tokenEndpoint).pathname;
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    resource,
  });
  const response = await post(url, { "Content-Type": "application/x-www-form-urlencoded" }, form.toString());
  const answer = (await response.json()) as { access_token?: string; error_description?: string };
  if (answer.access_token !== undefined) return answer.access_token;
  throw new CommandFailure(`The server refused a token: ${answer.error_description ?? response.status}.`);
}

/** A client that has signed in. */
export interface Session {
  readonly run: Run;
  /** Sends or fetches a file of the server, by its path. Nothing is too slow but ten minutes. */
  fetchPath(
    path: string,
    request: { method?: "PUT"; headers: Record<string, string>; body?: Uint8Array<ArrayBuffer> },
  ): Promise<Response>;
}

const FILE_PATIENCE_MS = 600_000;

/** Signs in and runs GraphQL operations. @throws CommandFailure with the server's own words */
export async function signIn(server: Server, credentials: ApiCredentials): Promise<Session> {
  const token = await getToken(server, credentials);
  const authorization = { Authorization: `Bearer ${token}` };
  return {
    async run<T>(query: string, variables: Readonly<Record<string, unknown>>) {
      const headers = { ...authorization, "Content-Type": "application/json" };
      const body = JSON.stringify({ query, variables });
      const answer = (await (await post(`${server.local}/graphql`, headers, body)).json()) as Answer<T>;
      const [problem] = answer.errors ?? [];
      if (problem || !answer.data)
        throw new CommandFailure(`The server refused: ${problem?.message ?? "no data came"}`);
      return answer.data;
    },
    fetchPath: (path, { headers, ...request }) =>
      ask(server.local + path, {
        ...request,
        headers: { ...authorization, ...headers },
        signal: AbortSignal.timeout(FILE_PATIENCE_MS),
      }),
  };
}

interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly message: string }[];
}

interface UserError {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** Runs one mutation; `selection` is what to read of its payload. @throws CommandFailure when it was refused */
export async function mutate<T>(run: Run, name: string, input: object, selection: string): Promise<T> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code message fix } } }`;
  const { [name]: payload } = await run<Record<string, T & { readonly userErrors: readonly UserError[] }>>(document, {
    input,
  });
  const [refused] = payload?.userErrors ?? [];
  if (!payload || refused) throw new CommandFailure(`${name} was refused: ${refused?.message} ${refused?.fix}`);
  return payload;
}
