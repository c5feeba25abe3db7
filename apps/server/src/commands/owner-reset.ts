import { resetOwner } from "@mintmark/domain";
import { parseConfig } from "../config.ts";
import { openInstallation } from "../open.ts";
import { CommandFailure, type Shell } from "../shell.ts";

export interface OwnerResetOptions {
  readonly tenant?: string;
  readonly email?: string;
}

/** `mintmark owner reset`: the way back in for somebody who lost it. Works beside a running server, and without one. */
export async function ownerResetCommand(shell: Shell, options: OwnerResetOptions): Promise<void> {
  const opened = await openInstallation(parseConfig(shell.env), "owner reset", shell);
  try {
    const result = await resetOwner(opened.installation, options);
    if (result.kind === "no-tenant" && options.tenant !== undefined)
      throw new CommandFailure(
        `There is no tenant ${options.tenant} here. --tenant takes a slug, as it stands in addresses.`,
      );
    if (result.kind === "no-tenant")
      throw new CommandFailure(
        "This server has no tenant yet, so it has no owner to reset. Run `pnpm start` and use the set-up code that it prints.",
      );
    if (result.kind === "which")
      throw new CommandFailure(
        `It is unclear whose account is meant: the tenant's owners are ${result.emails.join(", ")}. Name one of its people with --email.`,
      );
    const whom = result.email === null ? "makes its user the owner" : `gives ${result.email} a new password`;
    shell.complain(`This link ${whom}. It is good for an hour, and once.`);
    shell.print(result.link);
  } finally {
    await opened.close();
  }
}
