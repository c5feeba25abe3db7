import { CopyButton } from "../../ui/copy-button.tsx";
import { words } from "./text.ts";

interface Addresses {
  readonly slug: string;
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  readonly metadataUri: string;
}

/** The issuer whole, the others from the workspace on: what differs is what is read. */
const short = (address: string, { issuer, slug }: Addresses): string =>
  address.startsWith(`${issuer}/`) ? `…/${slug}${address.slice(issuer.length)}` : address;

/** What every client and API needs to know of this workspace, to copy. */
export function Endpoints({ workspace }: { workspace: Addresses }) {
  const { endpoints } = words;
  const items = [
    { label: endpoints.issuer, address: workspace.issuer, shown: workspace.issuer },
    { label: endpoints.token, address: workspace.tokenEndpoint },
    { label: endpoints.jwks, address: workspace.jwksUri },
    { label: endpoints.metadata, address: workspace.metadataUri },
  ];
  return (
    <dl className="endpoints" aria-label={endpoints.label}>
      {items.map(({ label, address, shown }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <code title={address}>{shown ?? short(address, workspace)}</code>
            <CopyButton value={address} what={label} look="icon" />
          </dd>
        </div>
      ))}
    </dl>
  );
}
