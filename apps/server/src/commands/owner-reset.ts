import { resetOwner } from "@mintmark/domain";
import { parseConfig } from "../config.ts";
import { openInstallation } from "../open.ts";
import { CommandFailure, type Shell } from "../shell.ts";

export interface OwnerResetOptions {
  readonly email?: string;
}

/** `mintmark owner reset`: the way back in for an owner who lost it. Works beside a running server, and without one. */
export async function ownerResetCommand(shell: Shell, { email }: OwnerResetOptions): Promise<void> {
  const opened = await openInstallation(parseConfig(shell.env), "owner reset", shell);
  try {
    const result = await resetOwner(opened.installation, email);
    if (result.kind === "no-tenant")
      throw new CommandFailure(
        "This server has no tenant yet, so it has no owner to reset. Run `pnpm start` and use the set-up code that it prints.",
      );
    if (result.kind === "which")
      throw new CommandFailure(
        `It is unclear which owner is meant: the owners are ${result.emails.join(", ")}. Name one with --email.`,
      );
    const whom = result.email === null ? "makes its user the owner" : `gives ${result.email} a new password`;
    shell.complain(`This link ${whom}. It is good for an hour, and once.`);
    shell.print(result.link);
  } finally {
    await opened.close();
  }
}
