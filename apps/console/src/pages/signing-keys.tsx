import { linkOptions, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { dayAndClock, plural } from "../format.ts";
import type { SigningKeysPageQuery } from "../gql/graphql.ts";
import { mayNot } from "../may-not.ts";
import { graphql } from "../server/document.ts";
import { usePage } from "../server/page.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { KeyValueList } from "../ui/key-value-list.tsx";
import { NotYours } from "../ui/not-yours.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Banner } from "../ui/states.tsx";
import { useNow } from "../ui/time.tsx";
import { Timeline } from "../ui/timeline.tsx";
import "./settings/documents.ts";
import { fromWords, kinds } from "./settings/kinds.ts";
import { KeyTable } from "./signing-keys/key-table.tsx";
import { RevokeDialog } from "./signing-keys/revoke.tsx";
import { RotateDialog } from "./signing-keys/rotate.tsx";
import { endingOf, inOrder, type Key, shortKid, stretchesOf } from "./signing-keys/states.ts";
import { words } from "./signing-keys/text.ts";
import { Verifiers } from "./signing-keys/verifiers.tsx";

const SigningKeysPage = graphql(`
  query SigningKeysPage($workspace: Slug!) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      jwksUri
      viewerPermissions
      settings {
        signingAlgorithm {
          value
          level
        }
        signingKeyLifetime {
          value
          level
        }
        jwksMaxAge {
          value
          level
        }
      }
      signingKeys {
        kid
        alg
        state
        createdAt
        publishAt
        activateAt
        retireAt
        removeAt
        revokedAt
      }
      signingKeyAlarm {
        kid
        endsAt
      }
      jwksFetches {
        address
        agent
        fetches
        lastAt
        isCurrent
      }
      tokenActivity {
        clients
        hours {
          issued
        }
      }
    }
  }
`);

type Workspace = NonNullable<SigningKeysPageQuery["workspace"]>;

const DEFAULT_MAX_AGE = 300;
const DRAWN = 8;

/** What is signed here, as far as the person may know. */
function measuredOf({ tokenActivity }: Workspace): string | undefined {
  if (!tokenActivity) return undefined;
  const issued = tokenActivity.hours.reduce((sum, hour) => sum + hour.issued, 0);
  return words.ask.measured(plural(issued, "token"), plural(tokenActivity.clients, "client"));
}

/** The settings that rule the keys, and where they are changed. */
function Facts({ workspace }: { workspace: Workspace }) {
  const { tenant = "", workspace: slug = "" } = useParams({ strict: false });
  const { settings } = workspace;
  const to = linkOptions({ to: "/t/$tenant/w/$workspace/settings", params: { tenant, workspace: slug } });
  const ruled = (name: "signingAlgorithm" | "signingKeyLifetime" | "jwksMaxAge", label: string) => {
    const setting = settings?.[name];
    return setting ? [{ label, value: fromWords(kinds[name], setting.value, setting.level) }] : [];
  };
  const [algorithm, ...others] = [
    ...ruled("signingAlgorithm", words.facts.algorithm),
    ...ruled("signingKeyLifetime", words.facts.lifetime),
    ...ruled("jwksMaxAge", words.facts.maxAge),
  ];
  const change = (
    <ButtonLink to={to} variant="quiet" size="compact">
      {words.change}
    </ButtonLink>
  );
  return (
    <div className="key-facts">
      <KeyValueList
        items={[
          ...(algorithm ? [{ ...algorithm, action: change }] : []),
          ...others,
          { label: words.facts.jwks, value: workspace.jwksUri, mono: true, copy: workspace.jwksUri },
        ]}
      />
    </div>
  );
}

const isOver = (instant: string | null | undefined, now: number): boolean =>
  instant ? Date.parse(instant) <= now : false;
const instantOf = (instant: string | null | undefined, now: number): string =>
  instant ? dayAndClock(Date.parse(instant), now) : "";

function Keys({ workspace, keys }: { workspace: Workspace; keys: readonly Key[] }) {
  const now = useNow(60_000);
  const [asked, setAsked] = useState<"rotate" | Key | null>(null);
  const { id, settings, viewerPermissions, jwksFetches, signingKeyAlarm } = workspace;
  const lacks = (permission: string) => mayNot(viewerPermissions, permission);
  const active = keys.find(({ state }) => state === "ACTIVE");
  const alg = settings?.signingAlgorithm.value ?? active?.alg;
  const maxAge = settings?.jwksMaxAge.value ?? DEFAULT_MAX_AGE;
  const close = () => setAsked(null);
  return (
    <>
      <PageHead
        title={words.title}
        actions={
          <Button
            variant="primary"
            icon="rotate"
            disabledReason={lacks("signing-key:rotate")}
            onPress={() => setAsked("rotate")}
          >
            {words.rotate.act}
          </Button>
        }
      >
        {words.lead}
      </PageHead>
      {!active && <Banner tone="bad">{words.none}</Banner>}
      {signingKeyAlarm?.kid && (
        <Banner tone={isOver(signingKeyAlarm.endsAt, now) ? "bad" : "warn"}>
          {words.alarm(shortKid(signingKeyAlarm.kid), instantOf(signingKeyAlarm.endsAt, now))}
        </Banner>
      )}
      <Timeline
        label={words.timeline}
        lives={keys.slice(0, DRAWN).map((key) => ({
          id: key.kid,
          name: (
            <>
              {words.states[key.state]} <code>{shortKid(key.kid)}</code>
            </>
          ),
          stretches: stretchesOf(key, now),
          ending: endingOf(key),
          isSoon: false,
        }))}
      />
      <KeyTable keys={keys} locked={lacks("signing-key:revoke")} onRevoke={setAsked} />
      {jwksFetches && <Verifiers fetches={jwksFetches} />}
      <Facts workspace={workspace} />
      <RotateDialog
        workspaceId={id}
        own={alg}
        nexts={keys.filter(({ state }) => state === "NEXT").toReversed()}
        maxAge={maxAge}
        verifiers={jwksFetches ?? []}
        open={asked === "rotate"}
        onClose={close}
      />
      {asked !== null && asked !== "rotate" && (
        <RevokeDialog
          workspaceId={id}
          signingKey={asked}
          maxAge={maxAge}
          measured={measuredOf(workspace)}
          onClose={close}
        />
      )}
    </>
  );
}

/** The keys of a workspace: which signs, which follows, when; rotated with a press, revoked in an emergency. */
export function SigningKeys() {
  const page = usePage(SigningKeysPage, {});
  if (page.wait) return page.wait;
  const { workspace } = page.data;
  if (!workspace.signingKeys) return <NotYours what={words.hidden} />;
  return <Keys workspace={workspace} keys={inOrder(workspace.signingKeys)} />;
}
