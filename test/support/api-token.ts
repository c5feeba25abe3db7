import { remember } from "./canaries.ts";
import type { StoryClient, StoryWorkspace } from "./world.ts";

/** An API token of a story, with the value that was shown once. */
export interface StoryApiToken {
  readonly id: string;
  readonly value: string;
}

/** Lets a workspace's clients have API tokens. */
export const turnOn = ({ id: workspaceId, admin }: Pick<StoryWorkspace, "id" | "admin">, more: object = {}) =>
  admin.must("updateWorkspaceSettings", { workspaceId, apiTokens: "ON", apiTokenLimit: 50, ...more }, "__typename");

/** Makes an API token of a client: for everything that it may do, unless the input says otherwise. */
export async function newApiToken(
  { id: clientId, workspace }: Pick<StoryClient, "id" | "workspace">,
  input: Readonly<Record<string, unknown>> = {},
): Promise<StoryApiToken> {
  const whole = { clientId, name: "A token", permissions: { all: true }, ...input };
  const made = await workspace.admin.must("createApiToken", whole, "apiToken { id } secret");
  return { id: (made["apiToken"] as { id: string }).id, value: remember(String(made["secret"])) };
}

export const tokenHeader = (value: string): [string, string] => ["Authorization", `Token ${value}`];
export const apiKey = (value: string): [string, string] => ["X-API-KEY", value];
