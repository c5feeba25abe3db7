import { signingKeyState } from "@mintmark/token-issuer";
import { z } from "zod";
import { type Actor, type Answer, type Changed, change, type Operation, refuse } from "../change/actor.ts";
import { id, kid } from "../input.ts";
import { settingInputs } from "../settings/settings.ts";
import { locateWorkspace } from "../tenancy/workspace-row.ts";
import { algorithmsOf, planRevocation, planRotation } from "./key-plan.ts";
import { lockKeys, writeKeyPlan } from "./signing-key-rows.ts";

const rotateInput = z.strictObject({ workspaceId: id, algorithm: settingInputs.signingAlgorithm });

const RotateSigningKey: Operation<z.infer<typeof rotateInput>, "signing-key:rotate"> = {
  mutation: "rotateSigningKey",
  permission: "signing-key:rotate",
  input: rotateInput,
  locate: (read, { workspaceId }) => locateWorkspace(read, workspaceId, ["workspaceId"]),
  async run(write, { workspaceId, algorithm }) {
    const place = { tenantId: write.tenantId, workspaceId };
    const { policy, keys } = await lockKeys(write.tx, place);
    const alg = algorithm ?? policy.alg;
    if (!algorithmsOf(policy).includes(alg))
      refuse({
        code: "INVALID_INPUT",
        path: ["algorithm"],
        problem: `Neither this workspace nor a client of it has chosen ${alg}: there is no key to rotate.`,
        mend: `Name one that signs here: ${algorithmsOf(policy).join(", ")}.`,
      });
    const plan = planRotation(keys, policy, write.now, alg);
    const touched = await writeKeyPlan(write.tx, write.installation, place, plan);
    return { id: workspaceId, workspaceId, touched, event: { type: "signing-key.rotated", workspaceId, alg } };
  },
};

/** The published next key of an algorithm, the workspace's own where none is named, signs as soon as every cached JWK Set has it: at once, where it was published long enough ago. */
export const rotateSigningKey = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, RotateSigningKey, raw);

const revokeInput = z.strictObject({ workspaceId: id, kid });

const RevokeSigningKey: Operation<z.infer<typeof revokeInput>, "signing-key:revoke"> = {
  mutation: "revokeSigningKey",
  permission: "signing-key:revoke",
  isDangerous: true,
  input: revokeInput,
  locate: (read, { workspaceId }) => locateWorkspace(read, workspaceId, ["workspaceId"]),
  async run(write, { workspaceId, kid }): Promise<Changed> {
    const place = { tenantId: write.tenantId, workspaceId };
    const { policy, keys } = await lockKeys(write.tx, place);
    const key = keys.find((candidate) => candidate.kid === kid);
    if (!key) return refuse({ code: "NOT_FOUND", noun: "signingKey", id: kid, path: ["kid"] });
    const done = { id: workspaceId, workspaceId, event: { type: "signing-key.revoked", workspaceId, kid } } as const;
    // Gone already: nothing verifies by it any more.
    if (["removed", "revoked"].includes(signingKeyState(key, write.now))) return { ...done, touched: [] };
    const plan = planRevocation(keys, kid, policy, write.now);
    return { ...done, touched: await writeKeyPlan(write.tx, write.installation, place, plan) };
  },
};

/**
 * An emergency: the key leaves the JWK Set, its tokens are dead, and where it signed its successor signs at once.
 * Verifiers that honour the max-age drop it within that time. Revoking twice changes nothing.
 */
export const revokeSigningKey = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, RevokeSigningKey, raw);
