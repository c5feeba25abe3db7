import { readFileSync } from "node:fs";
import { type AuditFault, auditCheckpoints, readCheckpoints, verifyAudit } from "@mintmark/domain";
import { parseConfig } from "../config.ts";
import { openInstallation } from "../open.ts";
import { CommandFailure, type Shell } from "../shell.ts";

export interface AuditVerifyOptions {
  readonly checkpoints?: string;
}

/** `mintmark audit verify`: whether the audit log is what was written. Works beside running servers, and without one. */
export async function auditVerifyCommand(shell: Shell, { checkpoints: path }: AuditVerifyOptions): Promise<void> {
  const text = path === undefined ? "" : readText(path);
  const opened = await openInstallation(parseConfig(shell.env), "audit verify", shell);
  try {
    const { checkpoints, foreign } = readCheckpoints(opened.installation.keyring, text);
    if (foreign.length > 0)
      throw new CommandFailure(
        `The checkpoints in line ${foreign.slice(0, 20).join(", ")} of ${path} were not signed by this installation, or were changed or damaged. Nothing was verified; take the file as \`mintmark audit checkpoint\` printed it.`,
      );
    if (path !== undefined && checkpoints.length === 0)
      throw new CommandFailure(`There is no checkpoint in ${path}. Make one with \`mintmark audit checkpoint\`.`);
    const { chains, entries, broken, outlived } = await verifyAudit(opened.installation, checkpoints, (done) =>
      shell.progress(`Verified ${done.entries} entries of ${done.chains} workspaces …`),
    );
    for (const { place, faults } of broken)
      for (const fault of faults) shell.print(`${place}: ${sentences[fault.fault](fault)}`);
    if (broken.length > 0)
      throw new CommandFailure(
        `The audit log was changed in ${broken.length} of ${chains} workspaces. Keep the database as it is, and compare it with a backup from before.`,
      );
    const compared = checkpoints.length - outlived;
    const beside = compared > 0 ? `, as ${compared} checkpoints saw them` : "";
    shell.print(`All ${entries} entries of ${chains} workspaces are as they were written${beside}.`);
    if (outlived > 0)
      shell.complain(
        `${outlived} checkpoints saw entries that retention has cut off since: nothing is left to compare them with. Keep newer ones as well.`,
      );
    if (path === undefined)
      shell.complain(
        "Without --checkpoints nobody can tell whether the newest entries were cut off or all sealed anew.",
      );
  } finally {
    await opened.close();
  }
}

/** `mintmark audit checkpoint`: how far each chain has come, one signed JSON object a line. */
export async function auditCheckpointCommand(shell: Shell): Promise<void> {
  const opened = await openInstallation(parseConfig(shell.env), "audit checkpoint", shell);
  try {
    for (const checkpoint of await auditCheckpoints(opened.installation)) shell.print(JSON.stringify(checkpoint));
  } finally {
    await opened.close();
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new CommandFailure(
      `The file ${path} cannot be read (${(error as NodeJS.ErrnoException).code}). Give --checkpoints a file that \`mintmark audit checkpoint\` printed.`,
    );
  }
}

const named = ({ sequence, id }: AuditFault): string => `entry ${sequence}${id === null ? "" : ` (${id})`}`;

const sentences: Readonly<Record<AuditFault["fault"], (fault: AuditFault) => string>> = {
  missing: (fault) => `${named(fault)} is missing.`,
  misnumbered: (fault) => `${named(fault)} was added: its number is another's, or below the first.`,
  altered: (fault) => `${named(fault)} is not what was written, or belongs elsewhere.`,
  personal_part_altered: (fault) => `${named(fault)} has another address or program than was written.`,
  does_not_follow: (fault) => `${named(fault)} was written after another entry than the one before it.`,
  head_altered: (fault) => `the head says another end than ${named(fault)}.`,
  cut_off: (fault) => `from ${named(fault)} on the end was cut off.`,
  not_cut_by_retention: (fault) =>
    `that its retention cut it up to ${named(fault)} was not signed by this installation, or not for this workspace.`,
  sealed_anew: (fault) =>
    `${named(fault)} is another one than its checkpoint saw: it, or one before it, was sealed anew.`,
};
