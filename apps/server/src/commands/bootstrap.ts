import { bootstrap } from "@mintmark/domain";
import { parseConfig } from "../config.ts";
import { openInstallation } from "../open.ts";
import { CommandFailure, type Shell } from "../shell.ts";

export interface BootstrapOptions {
  readonly tenant: string;
  readonly name?: string;
  readonly json?: boolean;
}

/** Somebody owns the server already. */
const OWNED = 3;

/** `mintmark bootstrap`: the first start without a browser. Works beside a running server, and without one. */
export async function bootstrapCommand(shell: Shell, { tenant, name, json }: BootstrapOptions): Promise<void> {
  const opened = await openInstallation(parseConfig(shell.env), "bootstrap", shell);
  try {
    const result = await bootstrap(opened.installation, { tenantSlug: tenant, tenantName: name ?? tenant });
    if ("alreadyOwnedBy" in result)
      throw new CommandFailure(
        `This server already belongs to the tenant ${result.alreadyOwnedBy}; nothing was changed. ` +
          "Ask an owner of that tenant for a client, or start with an empty database.",
        OWNED,
      );
    if (json) return shell.print(JSON.stringify(result));
    shell.print(`The tenant ${result.tenant} owns this server. Its two automation clients are shown only now:`);
    shell.print(JSON.stringify(result, null, 2));
    shell.print("`ownerInvite` makes whoever opens it first the owner. It is good for a week, and once.");
  } finally {
    await opened.close();
  }
}
