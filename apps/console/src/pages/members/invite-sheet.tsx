import { useState } from "react";
import { problemOf, wrongHere } from "../../server/ask.ts";
import { FormProblems } from "../../server/form-sheet.tsx";
import { text } from "../../text.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox, RadioCards } from "../../ui/choices.tsx";
import { TextField } from "../../ui/field.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { type Expiry, expiryWrong, instantOf, NO_CEILING } from "../expiry/expiry.ts";
import { ExpiryField } from "../expiry/expiry-field.tsx";
import { CreateInvitation } from "./documents.ts";
import { failureAt, type Places, RoleFields } from "./role-fields.tsx";
import { inputOf, isComplete, NO_ROLE, type RoleDraft } from "./roles-of.ts";
import { words } from "./text.ts";
import { LinkTrouble, questionOf, useLink, useRevealLink, verbOf } from "./use-link.tsx";

const { inviting: say } = words;
const FIELDS = ["email", "lifetimeHours", "roles", "rolesExpireAt"];
const HOURS = ["24", "72", "168"] as const;

interface Draft {
  readonly roles: readonly RoleDraft[];
  /** Of all of them. */
  readonly ends: Expiry;
  readonly email: string;
  readonly byMail: boolean;
  readonly hours: (typeof HOURS)[number];
}
const EMPTY: Draft = {
  roles: [NO_ROLE],
  ends: { preset: "never", day: "" },
  email: "",
  byMail: true,
  hours: "72",
};

/** Makes a link that makes somebody a member; then, in the same sheet, shows it once. */
export function InviteSheet({
  sendsMail,
  onMade,
  onClose,
  ...places
}: Places & { sendsMail: boolean; onMade: () => void; onClose: () => void }) {
  const [draft, setDraft] = useState(EMPTY);
  const { stage, failures, setFailures, revealed, submit } = useLink(CreateInvitation);
  const done = () => {
    onMade();
    onClose();
  };
  const reveal = useRevealLink(revealed, words.link.warning, done);
  const isFixed = stage.at === "uncertain" || stage.at === "lost";
  const change = (next: Partial<Draft>) => setDraft((before) => ({ ...before, ...next }));
  const send = () => {
    if (stage.at === "sending" || revealed) return;
    const { roles, ends, email, byMail, hours } = draft;
    const now = Date.now();
    const wrongEnd = expiryWrong(ends, NO_CEILING, now);
    const wrong = [
      ...(roles.every(isComplete) ? [] : [wrongHere(say.missing, "roles")]),
      ...(wrongEnd ? [wrongHere(wrongEnd, "rolesExpireAt")] : []),
    ];
    if (wrong.length > 0) return setFailures(wrong);
    const address =
      email.trim() === "" ? {} : { email: email.trim(), ...(sendsMail && byMail && { sendByMail: true }) };
    const end = instantOf(ends, now);
    const given = { roles: roles.map(inputOf), ...(end && { rolesExpireAt: end }) };
    void submit({ ...given, lifetimeHours: Number(hours), ...address });
  };
  useShortcuts(revealed ? {} : { "mod+Enter": send }, true);
  const close = revealed ? done : onClose;
  const setRole = (at: number, role: RoleDraft) =>
    change({ roles: draft.roles.map((one, place) => (place === at ? role : one)) });
  return (
    <Sheet
      open
      title={revealed ? words.link.ready : say.title}
      onClose={close}
      guard={revealed ? reveal.guard : questionOf(stage, draft === EMPTY ? undefined : say.draft)}
      foot={
        revealed
          ? reveal.foot
          : (leave) => (
              <>
                <span className="small muted grow">{say.reveals}</span>
                <Button onPress={leave}>{text.dialog.cancel}</Button>
                <Button variant="primary" shortcut="⌘↵" pending={stage.at === "sending"} onPress={send}>
                  {verbOf(stage, say.submit)}
                </Button>
              </>
            )
      }
    >
      {revealed ? (
        reveal.body
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <LinkTrouble stage={stage} failures={failures} />
          <FormProblems failures={isFixed ? [] : failures} fields={FIELDS} />
          {draft.roles.map((role, at) => (
            <fieldset key={at} className="member-role" disabled={isFixed}>
              <legend className={draft.roles.length > 1 ? undefined : "sr"}>{say.roleAt(at + 1)}</legend>
              <RoleFields
                {...places}
                value={role}
                onChange={(next) => setRole(at, next)}
                problemAt={(member) =>
                  failureAt(failures, "roles", String(at), member) ??
                  (member === "roleId" && !isComplete(role)
                    ? failures.find(({ path }) => path.length === 1 && path[0] === "roles")
                    : undefined)
                }
              />
              {draft.roles.length > 1 && (
                <Button
                  variant="quiet"
                  size="compact"
                  icon="trash"
                  onPress={() => change({ roles: draft.roles.filter((_, place) => place !== at) })}
                >
                  {say.removeRole}
                </Button>
              )}
            </fieldset>
          ))}
          <p className="member-add">
            <Button
              size="compact"
              icon="plus"
              disabledReason={isFixed ? say.fixed : undefined}
              onPress={() => change({ roles: [...draft.roles, NO_ROLE] })}
            >
              {say.addRole}
            </Button>
          </p>
          <ExpiryField
            label={say.ends}
            value={draft.ends}
            onChange={(ends) => change({ ends })}
            neverHelp={say.endsNever}
            error={problemOf(failures, "rolesExpireAt")}
            disabled={isFixed}
          />
          <TextField
            label={say.email}
            type="email"
            optional
            value={draft.email}
            onChange={(email) => change({ email })}
            help={sendsMail ? say.emailHelpMail : say.emailHelp}
            error={problemOf(failures, "email")}
            disabled={isFixed}
          />
          {sendsMail && (
            <p className="member-add">
              <Checkbox
                checked={draft.byMail && draft.email.trim() !== ""}
                onChange={(byMail) => change({ byMail })}
                disabled={isFixed || draft.email.trim() === ""}
              >
                {say.mail}
              </Checkbox>
            </p>
          )}
          <RadioCards
            label={say.open}
            look="presets"
            value={draft.hours}
            onChange={(hours) => change({ hours })}
            choices={HOURS.map((hours) => ({ value: hours, label: say.hours[hours], disabled: isFixed }))}
            help={draft.ends.preset === "never" ? undefined : say.openHelp}
            error={problemOf(failures, "lifetimeHours")}
          />
          <button type="submit" hidden />
        </form>
      )}
    </Sheet>
  );
}
