import { useAccount } from "../shell/account-shell.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { TenantTokens } from "./personal-tokens/tenant-tokens.tsx";
import { words } from "./personal-tokens/text.ts";

/** The tokens that act as the person, tenant by tenant. */
export function PersonalTokens() {
  const { facts } = useAccount();
  return (
    <>
      <PageHead title={words.title}>{words.lead}</PageHead>
      {facts.tenants.map(({ slug, name }) => (
        <TenantTokens key={slug} slug={slug} name={name} />
      ))}
    </>
  );
}
