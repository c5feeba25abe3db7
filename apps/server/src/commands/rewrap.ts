import { rewrap } from "@mintmark/domain";
import { parseConfig } from "../config.ts";
import { openInstallation } from "../open.ts";
import type { Shell } from "../shell.ts";

/** `mintmark rewrap`: nothing is under the former master key any more. Works beside running servers, and without one. */
export async function rewrapCommand(shell: Shell): Promise<void> {
  const config = parseConfig(shell.env);
  const opened = await openInstallation(config, "rewrap", shell);
  try {
    const { total, rewrapped } = await rewrap(opened.installation, (progress) =>
      shell.complain(
        `Looked at ${progress.seen} of ${progress.total} wrapped values; ${progress.rewrapped} were under the former key.`,
      ),
    );
    shell.print(
      rewrapped === 0
        ? `All ${total} wrapped values were under MINTMARK_MASTER_KEY already.`
        : `All ${total} wrapped values are under MINTMARK_MASTER_KEY now.`,
    );
    shell.print(
      config.otherMasterKey === undefined
        ? "No other master key is needed."
        : "MINTMARK_MASTER_KEY_OTHER is no longer needed: leave it out and restart every server. Only backups from before still need that key.",
    );
  } finally {
    await opened.close();
  }
}
