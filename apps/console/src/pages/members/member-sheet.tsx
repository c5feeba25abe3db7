import { useState } from "react";
import { mayNot } from "../../may-not.ts";
import { Button } from "../../ui/button.tsx";
import { KeyValueList } from "../../ui/key-value-list.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { Time } from "../../ui/time.tsx";
import type { Member } from "./documents.ts";
import { GiveSheet } from "./give-sheet.tsx";
import { MemberRoles } from "./member-roles.tsx";
import { RemoveDialog } from "./remove-dialog.tsx";
import { ResetSheet } from "./reset-sheet.tsx";
import type { Places } from "./role-fields.tsx";
import { words } from "./text.ts";

const { sheet: say } = words;

function Facts({ member: { account, createdAt } }: { member: Member }) {
  const joined = { label: say.joined, value: <Time at={Date.parse(createdAt)} /> };
  if (!account) return <KeyValueList items={[joined]} />;
  const { email, lastSeenAt, hasSecondFactor, provider } = account;
  return (
    <KeyValueList
      items={[
        { label: say.email, value: email, copy: email },
        joined,
        { label: say.seen, value: lastSeenAt ? <Time at={Date.parse(lastSeenAt)} /> : words.unseen },
        provider
          ? { label: say.provider, value: provider }
          : { label: say.factor, value: hasSecondFactor ? words.factor.on : words.factor.off },
      ]}
    />
  );
}

/** Why this person may not give or take roles. */
const lockedRoles = (may: readonly string[]) => mayNot(may, "member:write") ?? mayNot(may, "assignment:write");

/** One member: who they are, what they may do, and what may be done to that. */
export function MemberSheet({
  member,
  others,
  may,
  isYou,
  onChanged,
  onRemoved,
  onClose,
  ...places
}: Places & {
  member: Member;
  /** The other people of the tenant, as far as they are here. */
  others: readonly Member[];
  may: readonly string[];
  isYou: boolean;
  onChanged: () => void;
  onRemoved: () => void;
  onClose: () => void;
}) {
  const [over, setOver] = useState<"give" | "reset" | "remove" | null>(null);
  const back = () => setOver(null);
  if (over === "give") return <GiveSheet {...places} member={member} onChanged={onChanged} onClose={back} />;
  if (over === "reset") return <ResetSheet member={member} onClose={back} />;
  const locked = lockedRoles(may);
  return (
    <Sheet
      open
      title={member.name}
      onClose={onClose}
      foot={
        <>
          {may.includes("member:reset") && !isYou && !member.account?.provider && (
            <Button onPress={() => setOver("reset")}>{say.reset}</Button>
          )}
          <span className="grow" />
          <Button variant="danger" disabledReason={mayNot(may, "member:write")} onPress={() => setOver("remove")}>
            {say.remove}
          </Button>
        </>
      }
    >
      <Facts member={member} />
      <section className="member-roles" aria-label={say.roles}>
        <div className="member-roles-head">
          <h3 className="grow">{say.roles}</h3>
          <Button size="compact" icon="plus" disabledReason={locked} onPress={() => setOver("give")}>
            {say.give}
          </Button>
        </div>
        <MemberRoles member={member} isYou={isYou} locked={locked} onChanged={onChanged} />
      </section>
      {over === "remove" && (
        <RemoveDialog member={member} others={others} isYou={isYou} onRemoved={onRemoved} onClose={back} />
      )}
    </Sheet>
  );
}
