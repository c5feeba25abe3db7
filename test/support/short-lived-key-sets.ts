import type { StoryWorkspace, World } from "./world.ts";

/**
 * Makes a workspace whose key set verifiers keep for a second, from its beginning: told so later, it would wait for those
 * that were told before. Its keys take turns two seconds after they are published.
 */
export async function withShortLivedKeySets<T extends { readonly workspace: StoryWorkspace }>(
  { operator }: Pick<World, "operator">,
  make: () => Promise<T>,
): Promise<T> {
  const everywhere = (jwksMaxAge: number | null) =>
    operator.must("updateInstallationSettings", { jwksMaxAge }, "__typename");
  await everywhere(1);
  try {
    const made = await make();
    const { id: workspaceId, admin } = made.workspace;
    await admin.must("updateWorkspaceSettings", { workspaceId, jwksMaxAge: 1 }, "__typename");
    return made;
  } finally {
    await everywhere(null);
  }
}
